"""What a page is made of, a folder for each page. Sections share through components."""
