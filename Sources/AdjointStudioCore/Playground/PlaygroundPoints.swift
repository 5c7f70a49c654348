import Adjoint
import Foundation

/// Points of two classes in the square from -1 to 1, which the playground learns to tell apart.
struct PlaygroundPoints: Sendable {
    /// One point: where it is, and its class, 0 or 1.
    struct Point: Sendable, Equatable {
        var x: Float
        var y: Float
        var label: Int
    }

    var points: [Point]

    static let limit = 2000

    /// Sets that are made here.
    enum Shape: String, Sendable, CaseIterable {
        case circles, moons, spiral, xor, clusters
    }

    init(_ points: [Point]) { self.points = points }

    /// Points of a known shape; the same seed gives the same ones.
    ///
    /// - Parameter noise: The standard deviation of what is added to each coordinate.
    init(_ shape: Shape, count: Int, noise: Double, seed: Int) {
        let draws = withGenerator(seed: seed) {
            (Tensor.rand(count).array(as: Float.self), Tensor.randn(count, 2).array(as: Float.self))
        }
        points = (0..<count).map { index in
            let label = index % 2
            let t = draws.0[index]
            let (x, y) = Self.place(shape, label, t, index, count)
            return Point(
                x: x + Float(noise) * draws.1[2 * index],
                y: y + Float(noise) * draws.1[2 * index + 1], label: label)
        }
    }

    private static func place(_ shape: Shape, _ label: Int, _ t: Float, _ index: Int, _ count: Int)
        -> (Float, Float)
    {
        let angle = 2 * Float.pi * t
        switch shape {
        case .circles:
            let radius: Float = label == 0 ? 0.3 : 0.8
            return (radius * cos(angle), radius * sin(angle))
        case .moons:
            let half = angle / 2
            return label == 0
                ? (0.6 * cos(half) - 0.3, 0.6 * sin(half) - 0.15)
                : (0.3 - 0.6 * cos(half), 0.15 - 0.6 * sin(half))
        case .spiral:
            let radius = 0.1 + 0.8 * Float(index / 2) / Float(max(1, count / 2 - 1))
            let turn = 1.6 * 2 * Float.pi * radius + (label == 0 ? 0 : Float.pi)
            return (radius * cos(turn), radius * sin(turn))
        case .xor:
            let u: Float = index % 4 < 2 ? 1 : -1
            let v: Float = label == 0 ? u : -u
            return (
                u * (0.15 + 0.7 * t), v * (0.15 + 0.7 * (t * 7).truncatingRemainder(dividingBy: 1))
            )
        case .clusters:
            let side: Float = label == 0 ? -0.45 : 0.45
            return (side, side)
        }
    }

    /// The points of a table: two columns of numbers, and a class, which is any two words. A first
    /// line without numbers is the header. Coordinates are moved and scaled into the square.
    ///
    /// - Throws: A `StudioError` with status 422 that names the line.
    init(csv: String) throws {
        var rows: [(x: Double, y: Double, label: String)] = []
        let lines = csv.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let cells = line.split(
                omittingEmptySubsequences: false, whereSeparator: { ",;\t".contains($0) }
            ).map { $0.trimmingCharacters(in: .whitespaces) }
            if cells == [""] { continue }
            guard cells.count == 3 else {
                throw Self.error(
                    index, "has \(cells.count) columns; give three: x, y and the class")
            }
            guard let x = Double(cells[0]), let y = Double(cells[1]), x.isFinite, y.isFinite else {
                if rows.isEmpty, index == 0 { continue }
                throw Self.error(index, "begins with no two numbers: '\(line.prefix(60))'")
            }
            rows.append((x, y, cells[2]))
            if rows.count > Self.limit {
                throw Self.error(index, "is one too many: at most \(Self.limit) points are taken")
            }
        }
        let labels = Set(rows.map(\.label)).sorted()
        guard labels.count == 2 else {
            throw StudioError(
                422, "points", "the points have \(labels.count) classes; two are told apart here")
        }
        let xs = Self.scale(rows.map(\.x)), ys = Self.scale(rows.map(\.y))
        points = rows.indices.map {
            Point(x: xs[$0], y: ys[$0], label: rows[$0].label == labels[0] ? 0 : 1)
        }
    }

    private static func error(_ index: Int, _ words: String) -> StudioError {
        StudioError(422, "points", "line \(index + 1) \(words)")
    }

    private static func scale(_ values: [Double]) -> [Float] {
        let low = values.min() ?? 0, high = values.max() ?? 0
        let middle = low / 2 + high / 2, half = max(high / 2 - low / 2, .leastNormalMagnitude)
        return values.map { Float(0.9 * ($0 - middle) / half) }
    }
}

extension PlaygroundPoints: Codable {
    /// `[[x, y, class], ...]`.
    func encode(to encoder: any Encoder) throws {
        var list = encoder.singleValueContainer()
        try list.encode(points.map { [$0.x, $0.y, Float($0.label)] })
    }

    init(from decoder: any Decoder) throws {
        let rows = try decoder.singleValueContainer().decode([[Float]].self)
        guard rows.count <= Self.limit else {
            throw StudioError(
                422, "points", "there are \(rows.count) points; at most \(Self.limit) are taken")
        }
        points = try rows.map { row in
            guard row.count == 3, abs(row[0]) <= 2, abs(row[1]) <= 2, row[2] == 0 || row[2] == 1
            else {
                throw StudioError(
                    422, "points",
                    "a point is [x, y, class], with x and y from -2 to 2 and the "
                        + "class 0 or 1; this is \(row.prefix(4))")
            }
            return Point(x: row[0], y: row[1], label: Int(row[2]))
        }
    }
}
