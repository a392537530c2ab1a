"""The screens of the app, one thin file each; `pages.components` holds what they share."""
