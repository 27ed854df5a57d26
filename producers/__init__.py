"""What goes on the wire, and every way in."""
