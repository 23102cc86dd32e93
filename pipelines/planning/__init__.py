"""What will be painted where, before anything is: pure geometry and pixels that window and engine share. No torch."""
