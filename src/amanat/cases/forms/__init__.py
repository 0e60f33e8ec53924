"""The forms of the case room, a module a theme. Which verb they feed is the view's affair; what is allowed is the policy's."""
