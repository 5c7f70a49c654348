/// Which positions, with which weights, `Resample` takes for each result. `scale` is the distance
/// between the sources of neighbours.
enum ResampleRule: Hashable, Sendable {
    /// The mean of the range ⌊j n / m⌋ ..< ⌈(j + 1) n / m⌉ of n positions for result j of m.
    case ranges
    /// Between the two nearest.
    case linear(scale: Double, alignsCorners: Bool)
    /// A cubic convolution of the four nearest, with a = -3/4 (Keys, 1981).
    case cubic(scale: Double, alignsCorners: Bool)
    /// A triangle, or a cubic convolution with a = -1/2, stretched over what is left out when
    /// sizes shrink, so that nothing is skipped.
    case smoothLinear(scale: Double)
    case smoothCubic(scale: Double)

    /// The table for `output` results of `input` positions.
    func table(_ input: Int, _ output: Int) -> ResampleTable {
        var table = ResampleTable(input: input)
        for j in 0..<output {
            switch self {
            case .ranges:
                let first = input / output * j + input % output * j / output
                let end =
                    input / output * (j + 1) + (input % output * (j + 1) + output - 1) / output
                let share = 1 / Double(end - first)
                table.append((first..<end).map { ($0, share) })
            case .linear(let scale, let aligns):
                if input == output {
                    table.append([(j, 1)])
                    continue
                }
                let source = Swift.max(Self.source(j, scale, aligns), 0)
                let first = Self.floor(source, below: input)
                let share = Swift.min(Swift.max(source - Double(first), 0), 1)
                let second = Swift.min(first + 1, input - 1)
                table.append([(first, 1 - share), (second, share)])
            case .cubic(let scale, let aligns):
                let source = Self.source(j, scale, aligns)
                let first = Self.floor(source, below: input)
                let t = Swift.min(Swift.max(source - Double(first), 0), 1)
                table.append(
                    (0..<4).map { k in
                        let position = Swift.min(Swift.max(first + k - 1, 0), input - 1)
                        return (position, Self.cubic(Double(k - 1) - t, a: -0.75))
                    })
            case .smoothLinear(let scale):
                table.append(
                    Self.smooth(j, scale, input, reach: 1) { Swift.max(1 - abs($0), 0) })
            case .smoothCubic(let scale):
                table.append(Self.smooth(j, scale, input, reach: 2) { Self.cubic($0, a: -0.5) })
            }
        }
        return table
    }

    /// At most how many numbers the table takes, each a position and a weight.
    func room(_ input: Int, _ output: Int) -> Int {
        let (n, m) = (Double(input), Double(output))
        let taps =
            switch self {
            case .ranges: n + 2 * m
            case .linear: 2 * m
            case .cubic: 4 * m
            case .smoothLinear(let scale): m * Swift.min(n, 2 * Swift.max(scale, 1) + 1)
            case .smoothCubic(let scale): m * Swift.min(n, 4 * Swift.max(scale, 1) + 1)
            }
        return Int(exactly: (taps + m).rounded(.up)) ?? .max
    }

    /// True where every result is the position of its own number.
    func isIdentity(_ input: Int, _ output: Int) -> Bool {
        switch self {
        case .ranges, .linear: input == output
        case .cubic(let scale, _), .smoothLinear(let scale), .smoothCubic(let scale):
            input == output && scale == 1
        }
    }

    /// Where result `j` lies among the positions: they are points that the first and the last
    /// results share, or else the middles of cells.
    private static func source(_ j: Int, _ scale: Double, _ alignsCorners: Bool) -> Double {
        alignsCorners ? scale * Double(j) : scale * (Double(j) + 0.5) - 0.5
    }

    /// A position from a real number, at most the last. Negative ones stay: their neighbours are
    /// cut off one by one.
    private static func floor(_ source: Double, below input: Int) -> Int {
        source >= Double(input - 1) ? input - 1 : Swift.max(Int(source.rounded(.down)), -2)
    }

    /// The kernel of cubic convolution at distance `x`.
    private static func cubic(_ x: Double, a: Double) -> Double {
        let x = abs(x)
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }

    /// The positions around the middle of result `j`, weighed by a kernel that is stretched where
    /// results are further apart than positions, and that sums to 1.
    private static func smooth(
        _ j: Int, _ scale: Double, _ input: Int, reach: Double, _ kernel: (Double) -> Double
    ) -> [(position: Int, weight: Double)] {
        let stretch = Swift.max(scale, 1)
        let centre = scale * (Double(j) + 0.5)
        let bound = Double(input)
        let low = Swift.min(Swift.max(centre - reach * stretch + 0.5, 0), bound)
        let high = Swift.min(Swift.max(centre + reach * stretch + 0.5, 0), bound)
        let taps = (Int(low)..<Swift.max(Int(high), Int(low))).map {
            ($0, kernel((Double($0) - centre + 0.5) / stretch))
        }
        let sum = taps.reduce(0) { $0 + $1.1 }
        return taps.map { ($0.0, sum == 0 ? $0.1 : $0.1 / sum) }
    }
}
