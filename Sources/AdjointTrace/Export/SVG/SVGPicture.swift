/// A drawing with places, as SVG: byte for byte the same for the same drawing.
struct SVGPicture {
    static let margin = 20
    static let titleSize = 13
    static let lineHeight = 15
    static let textSize = 11
    /// Text in a box is shortened to this many characters.
    static let longest = 36

    let drawing: Drawing
    let isTurned: Bool
    let isAnimated: Bool
    let layout: GraphLayout
    private let pace: Int

    init(_ drawing: Drawing, isTurned: Bool = false, isAnimated: Bool = false) {
        self.drawing = drawing
        self.isTurned = isTurned
        self.isAnimated = isAnimated
        pace = isAnimated ? drawing.pace : 0
        var options = GraphLayout.Options()
        options.isTurned = isTurned
        // Gradients are written between the layers.
        if isTurned { options.layerGap = 96 }
        layout = GraphLayout(
            drawing.nodes.map(Self.box), drawing.edges.map { .init(from: $0.from, to: $0.to) },
            options)
    }

    /// The size that a node's text needs.
    static func box(_ node: Drawing.Node) -> GraphLayout.Box {
        let lines = node.details.map { SVGText.shortened($0, longest) }
        let title = SVGText.width(SVGText.shortened(node.title, longest), size: titleSize)
        let mark = node.kind == .operation ? 0 : 16
        let width = lines.reduce(title + mark) { max($0, SVGText.width($1, size: textSize)) }
        return .init(width: max(width + 24, 64), height: 26 + lines.count * lineHeight + 2)
    }

    /// The whole file.
    var text: String {
        let families = Drawing.Family.allCases.filter { family in
            drawing.nodes.contains { $0.family == family }
        }
        let legend = SVGLegend(drawing, families, width: max(layout.width, 360))
        let width = max(layout.width, legend.width, headWidth) + 2 * Self.margin
        let (hulls, overhang) = hulls
        let top = Self.margin + headHeight + overhang
        let height = top + layout.height + legend.height + Self.margin + overhang
        let left = (width - layout.width) / 2
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"adjoint-graph\" role=\"img\" "
                + "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" "
                + "aria-labelledby=\"adjoint-title adjoint-words\">",
            "<title id=\"adjoint-title\">\(SVGText.escaped(drawing.heading))</title>",
            "<desc id=\"adjoint-words\">\(SVGText.escaped(drawing.words))</desc>",
            "<style>\n\(SVGStyle.sheet(families, isAnimated: isAnimated))\n</style>",
            SVGEdges.tips,
            "<rect class=\"paper\" width=\"\(width)\" height=\"\(height)\"/>",
        ]
        parts += head
        parts.append("<g transform=\"translate(\(left) \(top))\">")
        parts += hulls
        let edges = SVGEdges(picture: self)
        parts += edges.lines
        parts += drawing.nodes.indices.map(node)
        parts += edges.labels
        parts.append("</g>")
        parts += legend.parts(x: Self.margin, y: top + layout.height + overhang)
        parts.append("</svg>")
        return parts.joined(separator: "\n") + "\n"
    }

    private var headHeight: Int {
        drawing.title.isEmpty && drawing.moment.isEmpty ? 0 : drawing.moment.isEmpty ? 28 : 46
    }

    private var headWidth: Int {
        max(
            SVGText.width(drawing.title, size: Self.titleSize + 2),
            SVGText.width(drawing.moment, size: Self.textSize))
    }

    private var head: [String] {
        var parts: [String] = []
        if !drawing.title.isEmpty {
            parts.append(
                "<text class=\"name\" x=\"\(Self.margin)\" y=\"\(Self.margin + 13)\" "
                    + "style=\"font-size:15px\">\(SVGText.escaped(drawing.title))</text>")
        }
        if !drawing.moment.isEmpty {
            parts.append(
                "<text class=\"faint\" x=\"\(Self.margin)\" y=\"\(Self.margin + 30)\">"
                    + "\(SVGText.escaped(drawing.moment))</text>")
        }
        return parts
    }

    /// A class and a time for what appears at `event`.
    func step(_ event: Int?) -> (names: String, style: String) {
        guard isAnimated, let event else { return ("", "") }
        return (" step", " style=\"--at:\(event * pace)\"")
    }

    private func node(_ i: Int) -> String {
        let (node, place) = (drawing.nodes[i], layout.places[i])
        var names = "\(node.family)"
        if node.isView { names += " view" }
        if node.isCurrent { names += " now" }
        let step = step(node.appears)
        var parts = [
            "<g id=\"\(node.id)\" class=\"\(names)\(step.names)\"\(step.style)>"
                + "<title>\(SVGText.escaped(drawing.caption(i)))</title>"
        ]
        parts += outline(node, place)
        let left = place.x + 12
        var x = left
        if node.kind != .operation {
            parts.append(mark(node.kind, x, place.y + 9))
            x += 16
        }
        parts.append(
            "<text class=\"name\" x=\"\(x)\" y=\"\(place.y + 19)\">"
                + "\(SVGText.escaped(SVGText.shortened(node.title, Self.longest)))</text>")
        var y = place.y + 35
        for line in node.lines {
            let text = SVGText.escaped(SVGText.shortened(line.text, Self.longest))
            let name = line.style.isEmpty ? "" : " class=\"\(line.style)\""
            parts.append("<text\(name) x=\"\(left)\" y=\"\(y)\">\(text)</text>")
            y += Self.lineHeight
        }
        return parts.joined() + "</g>"
    }

    private func outline(_ node: Drawing.Node, _ place: GraphLayout.Place) -> [String] {
        func box(_ inset: Int, _ radius: Int, _ name: String) -> String {
            "<rect class=\"\(name)\" x=\"\(place.x + inset)\" y=\"\(place.y + inset)\" "
                + "width=\"\(place.width - 2 * inset)\" height=\"\(place.height - 2 * inset)\" "
                + "rx=\"\(radius)\"/>"
        }
        switch node.kind {
        case .operation:
            var parts = [box(0, 4, "box")]
            // Written in place: a second line around.
            if node.isInPlace { parts.append(box(3, 2, "box ring")) }
            if node.isSecondOrder {
                parts.append(
                    "<path class=\"box ring\" d=\"M\(place.x + 4) \(place.y - 3)H"
                        + "\(place.x + place.width + 3)V\(place.y + place.height - 4)\"/>")
            }
            return parts
        case .scope: return [box(0, 4, "box"), box(3, 2, "box ring")]
        case .constant: return [box(0, 2, "box")]
        case .leaf, .parameter, .buffer: return [box(0, min(16, place.height / 2), "box")]
        }
    }

    /// ◆ for an input, a square in a square for a parameter, a ring for a constant, a bar for a
    /// buffer, two squares for a module: drawn, since fonts may lack them.
    private func mark(_ kind: Drawing.Kind, _ x: Int, _ y: Int) -> String {
        let path =
            switch kind {
            case .leaf: "m5 0 5 5-5 5-5-5z"
            case .parameter: "h10v10h-10zm2 2v6h6v-6zm1.500 1.500h3v3h-3z"
            case .constant: "m0 5a5 5 0 1 0 10 0a5 5 0 1 0-10 0zm2 0a3 3 0 1 1 6 0a3 3 0 1 1-6 0z"
            case .buffer: "m0 2h10v6h-10z"
            case .scope, .operation: "h6v6h-6zm4 8v2h6v-6h-2v4z"
            }
        return "<path class=\"mark\" fill-rule=\"evenodd\" d=\"M\(x) \(y)\(path)\"/>"
    }
}

extension Drawing.Node {
    /// The lines under the title, with their styles.
    var lines: [(text: String, style: String)] {
        var lines: [(text: String, style: String)] = []
        if let shape { lines.append((shape, "faint")) }
        if let value { lines.append(("= \(value)", "")) }
        if let gradient {
            lines.append((gradient.text, gradient.isNegative ? "minus-text" : "plus-text"))
        }
        if !badges.isEmpty {
            let isBad = badges.contains { $0.hasPrefix("NaN") || $0.hasPrefix("inf") }
            lines.append((badges.joined(separator: " · "), isBad ? "bad" : "faint"))
        }
        if let source { lines.append((source, "faint")) }
        return lines
    }
}
