"""What members and visitors see of the exchange: permission, form, one service, redirect."""
