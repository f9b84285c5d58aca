"""Forms of the exchange: they make input honest, services do the rest."""
