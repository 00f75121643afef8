"""The one way out for a figure: tables protected, checked, approved and published. Unprotected counts stay below."""
