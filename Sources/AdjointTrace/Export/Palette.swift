/// The colours of pictures. Text on a fill has a contrast of at least 7 to 1, lines on paper at
/// least 3 to 1; no picture says anything by colour alone.
enum Palette {
    /// A box's inside, and its outline.
    struct Ink: Equatable {
        let fill: String
        let line: String
    }

    static func light(_ family: Drawing.Family) -> Ink {
        switch family {
        case .leaf: Ink(fill: "#e6f0fb", line: "#1f5fa8")
        case .pointwise: Ink(fill: "#e4f4ee", line: "#1c7355")
        case .reduction: Ink(fill: "#fdf0dc", line: "#9a5700")
        case .movement: Ink(fill: "#f0f0f3", line: "#5d5f6e")
        case .linearAlgebra: Ink(fill: "#ecebfd", line: "#4b40b8")
        case .indexing: Ink(fill: "#f3f4d9", line: "#666a10")
        case .convolution: Ink(fill: "#fce8f4", line: "#a12d7c")
        case .normalization: Ink(fill: "#e1f3f9", line: "#126a88")
        case .composite: Ink(fill: "#edf0f5", line: "#4a5a75")
        case .random: Ink(fill: "#fbebe4", line: "#97401f")
        case .scope: Ink(fill: "#f7f7f9", line: "#70737f")
        }
    }

    static func dark(_ family: Drawing.Family) -> Ink {
        switch family {
        case .leaf: Ink(fill: "#15283d", line: "#6ba8ee")
        case .pointwise: Ink(fill: "#12302a", line: "#4fbf96")
        case .reduction: Ink(fill: "#35260f", line: "#e0a04a")
        case .movement: Ink(fill: "#26272e", line: "#9a9cac")
        case .linearAlgebra: Ink(fill: "#25224a", line: "#a49bf5")
        case .indexing: Ink(fill: "#2b2d10", line: "#b9bd4a")
        case .convolution: Ink(fill: "#3a1830", line: "#ea7fc8")
        case .normalization: Ink(fill: "#102f3a", line: "#55b9d8")
        case .composite: Ink(fill: "#212734", line: "#94a7c8")
        case .random: Ink(fill: "#3a1f14", line: "#ea8f68")
        case .scope: Ink(fill: "#1c1d23", line: "#8d909d")
        }
    }

    /// What is the same for all pictures: name of the variable, on light, on dark.
    static let common: [(name: String, light: String, dark: String)] = [
        ("paper", "#ffffff", "#111318"), ("ink", "#14171c", "#eceef2"),
        ("faint", "#50555f", "#a8aeba"), ("line", "#6f7683", "#858c9a"),
        ("plus", "#1f5fc4", "#7ab0ff"), ("minus", "#b04a00", "#ffa45c"),
        ("bad", "#b3001b", "#ff8088"), ("hull", "#00000009", "#ffffff0b"),
    ]
}
