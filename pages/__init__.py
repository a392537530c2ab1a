"""The screens of the app, one thin file each; `pages.ui` holds what they share."""
