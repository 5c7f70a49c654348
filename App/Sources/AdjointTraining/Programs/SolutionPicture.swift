import AdjointExamples

/// What a network learned of Burgers' equation, as an SVG image: u over t and x in colours, and
/// beside it u over x at three times, with the exact solution below. The same network gives the
/// same bytes.
struct SolutionPicture {
    let title: String
    let solution: BurgersSolution
    let error: Double

    private static let (columns, rows) = (100, 80)
    private static let times = [0.25, 0.5, 0.75]

    init(title: String, _ solution: BurgersSolution, error: Double) {
        self.title = title
        self.solution = solution
        self.error = error
    }

    /// The image, 960 x 400, light or dark as the reader has it.
    func svg() -> String {
        let summary =
            "u(t, x) of a network; relative L2 error \(ExampleProgram.burgers.text(error)) against "
            + "the exact solution (dashed)"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 400" width="960" height="400" \
            role="img" aria-labelledby="title desc" font-family="system-ui, 'Segoe UI', Roboto, \
            Helvetica, Arial, sans-serif" font-size="12">
            <title id="title">\(Curves.escaped(title))</title>
            <desc id="desc">\(summary)</desc>
            <style>
            .back { fill: #ffffff } .ink { fill: #1f2933 } .soft { fill: #52606d }
            .axis { stroke: #9aa5b1; fill: none }
            .found { stroke: #2563ab } .exact { stroke: #c2570c; stroke-dasharray: 5 5 }
            .found, .exact { fill: none; stroke-width: 2; stroke-linejoin: round }
            @media (prefers-color-scheme: dark) {
            .back { fill: #15191e } .ink { fill: #e8ecf0 } .soft { fill: #aab4be }
            .axis { stroke: #5f6b78 } .found { stroke: #7ab8f5 } .exact { stroke: #f2a35e }
            }
            </style>
            <rect class="back" width="960" height="400"/>
            <text class="ink" x="24" y="30" font-size="17" font-weight="600">\
            \(Curves.escaped(title))</text>
            <text class="soft" x="24" y="48">\(summary)</text>
            \(map)
            \(Self.times.indices.map(slice).joined(separator: "\n"))
            </svg>

            """
    }

    /// The values as cells of 4 x 3.5, those of one colour joined in one path.
    private var map: String {
        var cells: [String: String] = [:]
        for column in 0..<Self.columns {
            let time = (Double(column) + 0.5) / Double(Self.columns)
            let values = solution.values(at: time, places: Self.rows)
            var row = 0
            while row < Self.rows {
                let color = Self.color(values[row])
                let start = row
                while row < Self.rows, Self.color(values[row]) == color { row += 1 }
                let bottom = 356 - Double(start) * 3.5
                cells[color, default: ""] +=
                    "M\(48 + column * 4) \(text(bottom))h4v\(text(Double(start - row) * 3.5))h-4z"
            }
        }
        let paths = cells.sorted { $0.key < $1.key }.map {
            "<path fill=\"\($0.key)\" shape-rendering=\"crispEdges\" d=\"\($0.value)\"/>"
        }
        let labels = """
            <text class="soft" x="40" y="82" text-anchor="end">1</text>
            <text class="soft" x="40" y="220" text-anchor="end">x</text>
            <text class="soft" x="40" y="358" text-anchor="end">-1</text>
            <text class="soft" x="48" y="374" text-anchor="middle">0</text>
            <text class="soft" x="248" y="374" text-anchor="middle">t</text>
            <text class="soft" x="448" y="374" text-anchor="middle">1</text>
            """
        return (paths + [labels]).joined(separator: "\n")
    }

    /// u over x at one of the times.
    private func slice(_ index: Int) -> String {
        let (time, left) = (Self.times[index], 496 + 152 * index)
        func path(_ values: [Double], _ style: String) -> String {
            let points = values.enumerated().map { place, value in
                let x = Double(left) + Double(place) / Double(values.count - 1) * 136
                return "\(text(x)) \(text(216 - min(max(value, -1.2), 1.2) * 114))"
            }
            return "<path class=\"\(style)\" d=\"M\(points.joined(separator: "L"))\"/>"
        }
        let count = 137
        return """
            <path class="axis" d="M\(left) 76V356H\(left + 136)M\(left) 216h136"/>
            \(path(solution.values(at: time, places: count), "found"))
            \(path(BurgersReference.values(at: time, places: count), "exact"))
            <text class="soft" x="\(left + 68)" y="374" text-anchor="middle">t = \(time)</text>
            """
    }

    /// From blue at -1 over near white to red at 1, in steps of a sixteenth.
    private static func color(_ value: Double) -> String {
        guard value.isFinite else { return "#808080" }
        let share = (min(max(value, -1), 1) * 16).rounded() / 16
        let end = share < 0 ? (33.0, 102.0, 172.0) : (178.0, 24.0, 43.0)
        func mix(_ end: Double) -> String {
            let level = Int((247 + (end - 247) * abs(share)).rounded())
            return (level < 16 ? "0" : "") + String(level, radix: 16)
        }
        return "#" + mix(end.0) + mix(end.1) + mix(end.2)
    }

    /// A coordinate, to a tenth.
    private func text(_ value: Double) -> String {
        let fixed = NumberText.fixed(value, 1)
        return fixed.hasSuffix(".0") ? String(fixed.dropLast(2)) : fixed
    }
}
