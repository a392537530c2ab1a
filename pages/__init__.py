"""The app's pages, one short file each; `pages.components` holds what they share."""
