"""The icons: paths on a 24-unit grid with a rounded stroke, drawn for this product; decorative, text stands beside."""

ICONS: dict[str, str] = {
    "alert": '<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5"/><path d="M12 17.2v.1"/>',
    "arrow-left": '<path d="M19 12H5"/><path d="m11 6-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14"/><path d="m13 6 6 6-6 6"/>',
    "bed": '<path d="M3.5 18.5v-12M3.5 15.5h17v3M20.5 15.5v-3a2 2 0 0 0-2-2H9v5"/><circle cx="6.2" cy="11.5" r="1.6"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>',
    "chart": '<path d="M4 20h16"/><path d="M7 16v-4M12 16V6M17 16V9"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.4 2"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "eye": (
        '<path d="M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12z"/>'
        '<circle cx="12" cy="12" r="2.8"/>'
    ),
    "flag": '<path d="M6 21V4"/><path d="M6 4.8c4-2 8 2 12 0v8.7c-4 2-8-2-12 0"/>',
    "folder": (
        '<path d="M3.5 18V6.5a1 1 0 0 1 1-1h4.6l2.2 2.6h8.2a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1h-15a1 1 0 0 '
        '1-1-1z"/>'
    ),
    "home": '<path d="m3.5 11.2 8.5-7 8.5 7"/><path d="M6 9.5V20h12V9.5"/><path d="M10 20v-5.5h4V20"/>',
    "inbox": '<path d="M3.5 13.5 6.4 5h11.2l2.9 8.5V19h-17z"/><path d="M3.5 13.5h5l1.5 2.5h4l1.5-2.5h5"/>',
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="m11 12.7 8.5-8.2M16 8l2.8 2.8"/>',
    "lock": (
        '<rect x="5" y="10.5" width="14" height="10" rx="2"/>'
        '<path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/><path d="M12 14.5v2"/>'
    ),
    "log-out": (
        '<path d="M14 4.5H6a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h8"/><path d="M10.5 12H21"/>'
        '<path d="m17 8 4 4-4 4"/>'
    ),
    "minus": '<path d="M5 12h14"/>',
    "note": '<path d="M6 3.5h8.5L19 8v12.5H6z"/><path d="M14 3.5V8.5h5"/><path d="M9 12.5h7M9 16h5"/>',
    "paperclip": (
        '<path d="m19.5 11.5-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8.3-8.3a3.1 3.1 0 0 1 4.4 4.4l-8.1 8a1.5 1.5 '
        '0 0 1-2.2-2.1l7.2-7.2"/>'
    ),
    "people": (
        '<circle cx="9" cy="8" r="3.5"/>'
        '<path d="M2.8 19.5c0-3.4 2.6-5.7 6.2-5.7s6.2 2.3 6.2 5.7"/>'
        '<path d="M15.5 4.9a3.4 3.4 0 0 1 0 6.2"/><path d="M17.5 14.2c2.3.7 3.7 2.6 3.7 5.3"/>'
    ),
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c0-4 3.1-6.5 7.5-6.5s7.5 2.5 7.5 6.5"/>',
    "phone": (
        '<path d="M5 4h4l1.8 4.6-2.3 1.7a12 12 0 0 0 5.2 5.2l1.7-2.3L20 15v4a1.5 1.5 0 0 1-1.6 1.5C10.5 '
        '20 4 13.5 3.5 5.6A1.5 1.5 0 0 1 5 4z"/>'
    ),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": (
        '<path d="M7 9V3.5h10V9"/>'
        '<path d="M7 17.5H5a1.5 1.5 0 0 1-1.5-1.5v-5.5A1.5 1.5 0 0 1 5 9h14a1.5 1.5 0 0 1 1.5 1.5V16a1.5 '
        '1.5 0 0 1-1.5 1.5h-2"/><path d="M7 14.5h10v6H7z"/>'
    ),
    "refresh": '<path d="M19.5 8.5A8 8 0 1 0 20 13"/><path d="M20 4v4.8h-4.8"/>',
    "scales": '<path d="M12 4v16M7 20h10M5 7.5h14"/><path d="m5 7.5-2.5 6h5zM19 7.5l-2.5 6h5z"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>',
    "settings": (
        '<path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h9M17 17h3"/><circle cx="15" cy="7" r="2"/>'
        '<circle cx="9" cy="12" r="2"/><circle cx="15" cy="17" r="2"/>'
    ),
    "shield": (
        '<path d="M12 3.2 4.8 6v5.5c0 4.5 2.9 7.8 7.2 9.3 4.3-1.5 7.2-4.8 7.2-9.3V6z"/>'
        '<path d="m9 12 2.2 2.2L15.2 10"/>'
    ),
    "siblings": (
        '<circle cx="8" cy="7.5" r="3.2"/><circle cx="16.8" cy="10" r="2.6"/>'
        '<path d="M2.8 20c0-4 2-6.3 5.2-6.3 1.7 0 3.1.7 4 1.9"/>'
        '<path d="M11.8 20c0-3.2 1.8-5 5-5s4.7 1.8 4.7 5"/>'
    ),
    "swap": (
        '<path d="M4 8.5h14"/><path d="m14.5 5 3.5 3.5-3.5 3.5"/><path d="M20 15.5H6"/>'
        '<path d="M9.5 12 6 15.5 9.5 19"/>'
    ),
    "unlock": (
        '<rect x="5" y="10.5" width="14" height="10" rx="2"/>'
        '<path d="M8 10.5V7.5a4 4 0 0 1 7.6-1.7"/><path d="M12 14.5v2"/>'
    ),
}  # fmt: skip
