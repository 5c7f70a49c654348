/// The lines of a picture: data downwards, gradients dashed beside them and upwards.
struct SVGEdges {
    let picture: SVGPicture

    /// Arrow heads.
    static let tips: String = {
        func tip(_ id: String, _ name: String) -> String {
            "<marker id=\"adjoint-\(id)\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
                + "markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" "
                + "orient=\"auto\"><path class=\"\(name)\" d=\"M0 1 8 4 0 7z\"/></marker>"
        }
        return "<defs>\(tip("tip", "tip"))\(tip("plus", "plus-tip"))"
            + "\(tip("minus", "minus-tip"))</defs>"
    }()

    /// One edge's curve and, where a gradient has flowed, the curve back.
    var lines: [String] {
        var lines: [String] = []
        for (arrow, position, route) in picture.layout.routes {
            let edge = picture.drawing.edges[position]
            let step = picture.step(picture.drawing.nodes[arrow.to].appears)
            switch route {
            case .line(let points):
                lines.append(
                    "<path class=\"edge\(edge.isCut ? " cut" : "")\(step.names)\"\(step.style) "
                        + "marker-end=\"url(#adjoint-tip)\" d=\"\(curve(points))\"/>")
                if edge.isCut { lines.append(cutMark(points, step)) }
                if edge.gradient != nil { lines.append(back(edge, points)) }
            case .chips: break
            }
        }
        for chip in picture.layout.chips { lines += self.chip(chip) }
        return lines
    }

    /// What is written beside lines, where there is room for it.
    var labels: [String] {
        var taken = Areas()
        for place in picture.layout.places + picture.layout.chips.map(\.place) {
            taken.add(Area(place))
        }
        var labels: [String] = []
        for (_, position, route) in picture.layout.routes {
            guard case .line(let points) = route else { continue }
            let edge = picture.drawing.edges[position]
            let texts = [edge.gradient?.text, edge.label].compactMap { $0 }
            for text in texts {
                let shown = SVGText.shortened(text, 24)
                guard let spot = spot(for: shown, along: points, &taken) else { continue }
                let isGradient = edge.gradient != nil && text == texts[0]
                let ink = !isGradient ? "faint" : isMinus(edge) ? "minus-text" : "plus-text"
                let step = picture.step(isGradient ? edge.gradient?.appears : nil)
                labels.append(
                    "<text class=\"halo \(ink)\(step.names)\"\(step.style) x=\"\(spot.x)\" "
                        + "y=\"\(spot.y)\">\(SVGText.escaped(shown))</text>")
            }
        }
        return labels
    }

    private func isMinus(_ edge: Drawing.Edge) -> Bool { edge.gradient?.isNegative ?? false }

    /// Curves that are upright at both ends between layers, straight lines within them.
    private func curve(_ points: [GraphLayout.Point]) -> String {
        var path = "M\(points[0].x) \(points[0].y)"
        for (a, b) in zip(points, points.dropFirst()) {
            // Points of one layer lie on one line, which a curve would only make longer.
            if picture.isTurned ? a.y == b.y : a.x == b.x {
                path += picture.isTurned ? "H\(b.x)" : "V\(b.y)"
            } else if picture.isTurned {
                let middle = (a.x + b.x) / 2
                path += "C\(middle) \(a.y) \(middle) \(b.y) \(b.x) \(b.y)"
            } else {
                let middle = (a.y + b.y) / 2
                path += "C\(a.x) \(middle) \(b.x) \(middle) \(b.x) \(b.y)"
            }
        }
        return path
    }

    /// The gradient's line: dashed, 5 pixels beside the data's, the other way, as wide as its
    /// magnitude asks for.
    private func back(_ edge: Drawing.Edge, _ points: [GraphLayout.Point]) -> String {
        let moved = points.reversed().map {
            picture.isTurned
                ? GraphLayout.Point(x: $0.x, y: $0.y + 5) : GraphLayout.Point(x: $0.x + 5, y: $0.y)
        }
        let sign = isMinus(edge) ? "minus" : "plus"
        let step = picture.step(edge.gradient?.appears)
        let width = edge.gradient?.width ?? "1.5"
        return "<path class=\"back \(sign)\(step.names)\"\(step.style) stroke-width=\"\(width)\" "
            + "marker-end=\"url(#adjoint-\(sign))\" d=\"\(curve(moved))\"/>"
    }

    /// Two strokes across the line: no gradient passes.
    private func cutMark(
        _ points: [GraphLayout.Point], _ step: (names: String, style: String)
    ) -> String {
        let (a, b) = (points[0], points[1])
        let (x, y) = ((a.x + b.x) / 2, (a.y + b.y) / 2)
        let marks =
            picture.isTurned
            ? "M\(x - 4) \(y + 5)l4-10M\(x) \(y + 5)l4-10"
            : "M\(x - 5) \(y)l10-4M\(x - 5) \(y + 4)l10-4"
        return "<path class=\"edge\(step.names)\"\(step.style) d=\"\(marks)\"/>"
    }

    private func chip(_ chip: GraphLayout.Chip) -> [String] {
        let place = chip.place
        let node = picture.drawing.nodes[chip.node]
        let ends = chip.ends.map { picture.drawing.nodes[$0].title }
        let other = ends.count == 1 ? ends[0] : "\(ends.count) uses"
        let text =
            chip.isOut ? "→ \(other)" : "\(ends.count == 1 ? other : "\(ends.count) inputs") →"
        let words =
            "\(node.title) \(chip.isOut ? "goes to" : "reads") "
            + picture.drawing.list(chip.ends)
        let step = picture.step(node.appears)
        return [
            "<path class=\"edge\(step.names)\"\(step.style)"
                + (chip.isOut ? "" : " marker-end=\"url(#adjoint-tip)\"")
                + " d=\"\(curve(chip.stub))\"/>",
            "<g class=\"\(step.names.dropFirst())\"\(step.style)>"
                + "<title>\(SVGText.escaped(words))</title>"
                + "<rect class=\"chip\" x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(place.width)\" "
                + "height=\"\(place.height)\" rx=\"12\"/><text class=\"small faint\" "
                + "text-anchor=\"middle\" x=\"\(place.x + place.width / 2)\" y=\"\(place.y + 16)\">"
                + "\(SVGText.escaped(SVGText.shortened(text, 17)))</text></g>",
        ]
    }

    /// The first of some spots along the line at which `text` lies on nothing.
    private func spot(
        for text: String, along points: [GraphLayout.Point], _ taken: inout Areas
    ) -> GraphLayout.Point? {
        let width = SVGText.width(text, size: 10)
        for (a, b) in zip(points, points.dropFirst()).reversed() {
            for part in [5, 4, 6, 3, 7, 2, 8] {
                // Where the curve is after `part` tenths of its way (its control points lie on
                // the middle): 3t² − 2t³ of the way across, and nearly t along.
                let t = part * part * (30 - 2 * part)
                let (x, y) =
                    picture.isTurned
                    ? (a.x + (b.x - a.x) * part / 10, a.y + (b.y - a.y) * t / 1000)
                    : (a.x + (b.x - a.x) * t / 1000, a.y + (b.y - a.y) * part / 10)
                let left = picture.isTurned ? x - width / 2 : x + 10
                let base = picture.isTurned ? y - 6 : y + 4
                let area = Area(left, base - 10, left + width, base + 3)
                if taken.touch(area) { continue }
                taken.add(area)
                return .init(x: left, y: base)
            }
        }
        return nil
    }

    /// Parts of the picture, by the bands of 64 pixels that they lie in.
    private struct Areas {
        private var bands: [Int: [Area]] = [:]

        mutating func add(_ area: Area) {
            for band in area.bands { bands[band, default: []].append(area) }
        }

        func touch(_ area: Area) -> Bool {
            area.bands.contains { bands[$0]?.contains(where: area.touches) ?? false }
        }
    }

    /// A part of the picture.
    private struct Area {
        let left, top, right, bottom: Int

        init(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int) {
            (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
        }

        init(_ place: GraphLayout.Place) {
            self.init(place.x, place.y, place.x + place.width, place.y + place.height)
        }

        var bands: ClosedRange<Int> { (top >> 6)...(max(top, bottom) >> 6) }

        func touches(_ other: Area) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }
}
