/// The outlines around modules and loops.
extension SVGPicture {
    private struct Hull {
        var left = Int.max
        var top = Int.max
        var right = Int.min
        var bottom = Int.min

        mutating func hold(_ place: GraphLayout.Place) {
            left = min(left, place.x)
            top = min(top, place.y)
            right = max(right, place.x + place.width)
            bottom = max(bottom, place.y + place.height)
        }

        func touches(_ place: GraphLayout.Place) -> Bool {
            left < place.x + place.width && place.x < right && top < place.y + place.height
                && place.y < bottom
        }
    }

    /// One for each scope whose members stand together; where others stand between them, an
    /// outline would claim what it does not hold, so that there is none. With how far they stand out
    /// over the boxes.
    var hulls: (parts: [String], overhang: Int) {
        var hulls: [Int: (hull: Hull, members: Set<Int>)] = [:]
        var heights: [Int: Int] = [:]
        for (i, node) in drawing.nodes.enumerated() {
            let path = drawing.path(of: node.scope)
            for (depth, scope) in path.enumerated() {
                hulls[scope, default: (Hull(), [])].hull.hold(layout.places[i])
                hulls[scope]!.members.insert(i)
                heights[scope] = max(heights[scope] ?? 0, path.count - depth)
            }
        }
        // The outermost first, so that the inner ones lie on them.
        let order = hulls.keys.sorted {
            (drawing.path(of: $0).count, $0) < (drawing.path(of: $1).count, $1)
        }
        var parts: [String] = []
        var overhang = 0
        for scope in order {
            let (hull, members) = hulls[scope]!
            let isAlone = drawing.nodes.indices.allSatisfy {
                members.contains($0) || !hull.touches(layout.places[$0])
            }
            guard members.count > 1, isAlone else { continue }
            // Each one inside takes a line for its name.
            let levels = min(heights[scope]!, 4)
            let pad = 4 + 4 * levels
            let (x, y) = (hull.left - pad, hull.top - 4 - 13 * levels)
            overhang = max(overhang, -y, hull.bottom + pad - layout.height)
            let name = SVGText.shortened(drawing.scopes[scope].name, 24)
            parts.append(
                "<rect class=\"hull\" x=\"\(x)\" y=\"\(y)\" width=\"\(hull.right + pad - x)\" "
                    + "height=\"\(hull.bottom + pad - y)\" rx=\"8\"/>"
                    + "<text class=\"small faint\" x=\"\(x + 6)\" y=\"\(y + 11)\">"
                    + "\(SVGText.escaped(name))</text>")
        }
        return (parts, overhang)
    }
}
