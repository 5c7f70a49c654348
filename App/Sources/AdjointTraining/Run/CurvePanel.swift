/// One set of axes with its curves, 442 x 312 in the image.
struct CurvePanel {
    struct Series {
        let name: String
        /// The class of the style sheet that it is drawn in.
        let style: String
        let values: [Double]
    }

    let title: String
    let x: Double
    let y: Double
    let epochs: [Double]
    let series: [Series]
    let axis: CurveAxis
    let label: (Double) -> String
    /// What the horizontal axis counts.
    var unit = "epoch"

    private var left: Double { x + 46 }
    private var right: Double { x + 352 }
    private var top: Double { y + 28 }
    private var bottom: Double { y + 276 }

    /// The panel's elements.
    func svg() -> String {
        var parts = [
            "<text class=\"ink\" x=\"\(text(x))\" y=\"\(text(y + 14))\" font-size=\"13\" "
                + "font-weight=\"600\">\(title)</text>"
        ]
        for mark in axis.marks {
            guard let place = axis.place(mark) else { continue }
            let height = text(bottom - place * (bottom - top))
            parts.append(
                "<path class=\"grid\" d=\"M\(text(left)) \(height)H\(text(right))\"/>"
                    + "<text class=\"soft\" x=\"\(text(left - 8))\" y=\"\(height)\" dy=\"4\" "
                    + "text-anchor=\"end\">\(markLabel(mark))</text>")
        }
        parts.append("<path class=\"axis\" d=\"M\(text(left)) \(text(bottom))H\(text(right))\"/>")
        for epoch in epochMarks {
            parts.append(
                "<text class=\"soft\" x=\"\(text(place(epoch)))\" y=\"\(text(bottom + 18))\" "
                    + "text-anchor=\"middle\">\(text(epoch))</text>")
        }
        parts.append(
            "<text class=\"soft\" x=\"\(text((left + right) / 2))\" y=\"\(text(bottom + 36))\" "
                + "text-anchor=\"middle\">\(unit)</text>")
        return (parts + series.map(curve) + endLabels).joined(separator: "\n")
    }

    /// The first and the last epoch, and round numbers between that keep clear of both.
    private var epochMarks: [Double] {
        guard let first = epochs.first, let last = epochs.last, last > first else { return epochs }
        let step = [1.0, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000].first {
            (last - first) / $0 <= 8
        }
        guard let step else { return [first, last] }
        let between = stride(from: step, to: last, by: step).filter {
            $0 - first >= step * 0.6 && last - $0 >= step * 0.6
        }
        return [first] + between + [last]
    }

    private func place(_ epoch: Double) -> Double {
        guard let first = epochs.first, let last = epochs.last, last > first else {
            return (left + right) / 2
        }
        return left + (epoch - first) / (last - first) * (right - left)
    }

    /// The curve as a path, lifted where a value has no place; short runs get a dot an epoch.
    private func curve(_ series: Series) -> String {
        var path = ""
        var dots = ""
        var isDown = false
        for (epoch, value) in zip(epochs, series.values) {
            guard let share = axis.place(value) else {
                isDown = false
                continue
            }
            let point = (x: text(place(epoch)), y: text(bottom - share * (bottom - top)))
            path += "\(isDown ? "L" : "M")\(point.x) \(point.y)"
            isDown = true
            if epochs.count <= 20 {
                dots +=
                    "<circle class=\"\(series.style)\" cx=\"\(point.x)\" cy=\"\(point.y)\" r=\"2.5\"/>"
            }
        }
        return "<path class=\"\(series.style) line\" d=\"\(path)\"/>\(dots)"
    }

    /// Each curve's name and last value beside its end, moved apart where they would overlap.
    private var endLabels: [String] {
        let ends = series.compactMap { series -> (series: Series, height: Double)? in
            guard let value = series.values.last, let share = axis.place(value) else { return nil }
            return (series, bottom - share * (bottom - top))
        }.sorted { $0.height < $1.height }
        var lowest = top - 30
        var shift = 0.0
        // Two lines of text a curve, 30 high together; the last must end above the axis.
        var heights: [Double] = []
        for end in ends {
            let height = max(end.height, lowest + 30)
            heights.append(height)
            lowest = height
        }
        if lowest > bottom - 12 { shift = lowest - (bottom - 12) }
        return zip(ends, heights).map { end, height in
            let (x, style) = (text(right + 10), end.series.style)
            let value = end.series.values.last.map(label) ?? ""
            return "<text class=\"\(style)\" x=\"\(x)\" y=\"\(text(height - shift))\">"
                + "\(end.series.name)<tspan x=\"\(x)\" dy=\"14\">\(value)</tspan></text>"
        }
    }

    /// A mark of the axis, without digits that say nothing: `0.05`, `95%`.
    private func markLabel(_ mark: Double) -> String {
        var text = label(mark)
        if text.hasSuffix(".0%") { return "\(text.dropLast(3))%" }
        guard text.contains("."), !text.contains("e"), !text.hasSuffix("%") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// A coordinate, to a tenth.
    private func text(_ value: Double) -> String {
        let fixed = NumberText.fixed(value, 1)
        return fixed.hasSuffix(".0") ? String(fixed.dropLast(2)) : fixed
    }
}
