"""Pages of referrals, a module a theme."""

from amanat.referrals.views import conferences, network, outside, preparing, received, sent

PAGES = [received, preparing, sent, outside, network, conferences]
