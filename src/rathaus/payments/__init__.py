"""What people owe the city, and how it is paid."""
