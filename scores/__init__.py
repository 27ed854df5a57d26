"""How ill the numbers say a patient is: scores as data, and their arithmetic."""
