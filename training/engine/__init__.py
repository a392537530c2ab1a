"""What the commands of `training` share: data, trainers, recipes' machinery."""
