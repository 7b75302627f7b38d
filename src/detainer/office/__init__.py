"""What an administrator does for programs: it stands above the desk and the interface, which do not know each other."""
