"""Who and what: projects, members, data sets, images, structures, labels."""
