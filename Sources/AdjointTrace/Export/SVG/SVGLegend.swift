/// What colours and lines mean, under a picture.
struct SVGLegend {
    private let entries: [(text: String, mark: String, x: Int, row: Int)]
    let width: Int
    let height: Int

    /// Only what the picture shows; as many rows as `width` asks for.
    init(_ drawing: Drawing, _ families: [Drawing.Family], width limit: Int) {
        var texts: [(text: String, mark: String)] = families.map {
            (
                $0.title,
                "<g class=\"\($0)\"><rect class=\"box\" width=\"14\" height=\"10\" rx=\"2\"/></g>"
            )
        }
        if drawing.edges.contains(where: { $0.gradient != nil }) {
            texts.append(
                ("gradient", "<path class=\"back plus\" stroke-width=\"1.5\" d=\"M0 5h16\"/>"))
        }
        if drawing.edges.contains(where: \.isCut) {
            texts.append(("no gradient", "<path class=\"edge cut\" d=\"M0 5h16\"/>"))
        }
        if drawing.nodes.contains(where: \.isInPlace) {
            texts.append(
                (
                    "in place",
                    "<path class=\"edge\" d=\"M.5.5h14v9h-14zM3 3h9v4h-9z\"/>"
                ))
        }
        var (x, row, right) = (0, 0, 0)
        var entries: [(text: String, mark: String, x: Int, row: Int)] = []
        for (text, mark) in texts {
            let size = 22 + SVGText.width(text, size: 10)
            if x > 0, x + size > limit { (x, row) = (0, row + 1) }
            entries.append((text, mark, x, row))
            right = max(right, x + size)
            x += size + 16
        }
        self.entries = entries
        width = right
        height = entries.isEmpty ? 0 : 30 + row * 16
    }

    func parts(x: Int, y: Int) -> [String] {
        entries.map { entry in
            "<g transform=\"translate(\(x + entry.x) \(y + 20 + entry.row * 16))\">\(entry.mark)"
                + "<text class=\"small faint\" x=\"20\" y=\"9\">\(SVGText.escaped(entry.text))"
                + "</text></g>"
        }
    }
}
