//! The behaviour of tidings as a user sees it: through the command line, on sites made for the purpose.
