import CAdjoint

// Numbers at even steps, and positions of triangles.

extension Tensor {
    /// `count` numbers from `start` to `end`, both included, evenly spaced. For a whole dtype both
    /// ends, and then all numbers, lose their fractions. Same as `torch.linspace`.
    ///
    /// - Errors: `.argument` for a negative count, `.dtype` for bool.
    public static func linspace(
        _ start: Double, _ end: Double, _ count: Int, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        if dtype == .bool { return notBoolean("linspace") }
        return made("linspace", [count], dtype, device, requiresGrad) {
            (line) throws(TensorError) in
            try fillEach(line, .float64, Double.self, evenly(start, end, count, dtype))
        }
    }

    /// The same with an end, or both, in a 0-dimensional tensor.
    ///
    /// - Errors: `.shape` for a tensor that has dimensions, `.argument` for a negative count.
    public static func linspace(
        _ start: Tensor, _ end: Tensor, _ count: Int, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        guard let (from, to) = ends("linspace", start, end) else { return .poisoned([], dtype) }
        return linspace(
            from, to, count, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }
    /// From a number to a 0-dimensional tensor.
    public static func linspace(
        _ start: Double, _ end: Tensor, _ count: Int, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        linspace(
            Tensor(start, dtype: .float64), end, count, dtype: dtype, device: device,
            requiresGrad: requiresGrad)
    }
    /// From a 0-dimensional tensor to a number.
    public static func linspace(
        _ start: Tensor, _ end: Double, _ count: Int, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        linspace(
            start, Tensor(end, dtype: .float64), count, dtype: dtype, device: device,
            requiresGrad: requiresGrad)
    }

    /// `count` powers of `base`, whose exponents are evenly spaced from `start` to `end`, both
    /// included. Same as `torch.logspace`.
    ///
    /// - Errors: `.argument` for a negative count, `.dtype` for bool.
    public static func logspace(
        _ start: Double, _ end: Double, _ count: Int, base: Double = 10, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        if dtype == .bool { return notBoolean("logspace") }
        return made("logspace", [count], dtype, device, requiresGrad) {
            (line) throws(TensorError) in
            let exponent = evenly(start, end, count, .float64)
            try fillEach(line, .float64, Double.self) { Double.pow(base, exponent($0)) }
        }
    }

    /// The same with an end, or both, in a 0-dimensional tensor.
    ///
    /// - Errors: `.shape` for a tensor that has dimensions, `.argument` for a negative count.
    public static func logspace(
        _ start: Tensor, _ end: Tensor, _ count: Int, base: Double = 10, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        guard let (from, to) = ends("logspace", start, end) else { return .poisoned([], dtype) }
        return logspace(
            from, to, count, base: base, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }
    /// The exponents from a number to a 0-dimensional tensor.
    public static func logspace(
        _ start: Double, _ end: Tensor, _ count: Int, base: Double = 10, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        logspace(
            Tensor(start, dtype: .float64), end, count, base: base, dtype: dtype, device: device,
            requiresGrad: requiresGrad)
    }
    /// The exponents from a 0-dimensional tensor to a number.
    public static func logspace(
        _ start: Tensor, _ end: Double, _ count: Int, base: Double = 10, dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        logspace(
            start, Tensor(end, dtype: .float64), count, base: base, dtype: dtype, device: device,
            requiresGrad: requiresGrad)
    }

    /// What lines of truth values give.
    static func notBoolean(_ operation: String) -> Tensor {
        Failure.poison(
            TensorError(
                .dtype,
                "numbers at even steps have no truth values: choose another dtype than bool",
                operation: operation), like: [], .bool)
    }

    /// Number `i` of a line, counted from the nearer end, so that the last one is `end` itself.
    private static func evenly(_ start: Double, _ end: Double, _ count: Int, _ dtype: DType)
        -> (Int) -> Double
    {
        let isWhole = dtype.isInteger
        let from = isWhole ? start.rounded(.towardZero) : start
        let to = isWhole ? end.rounded(.towardZero) : end
        let step = (to - from) / Double(Swift.max(count - 1, 1))
        return { i in
            i < count / 2 || count == 1
                ? from + step * Double(i) : to - step * Double(count - 1 - i)
        }
    }

    /// The numbers of two 0-dimensional tensors; nil after an error.
    private static func ends(_ operation: String, _ start: Tensor, _ end: Tensor)
        -> (Double, Double)?
    {
        if start.ndim > 0 || end.ndim > 0 {
            Failure.raise(
                TensorError(
                    .shape,
                    "the ends are 0-dimensional tensors, not of shapes \(start.shape) and "
                        + "\(end.shape)", operation: operation))
            return nil
        }
        let ends = (start.item(as: Double.self), end.item(as: Double.self))
        return Mode.current.isFailing ? nil : ends
    }
}

extension Tensor {
    /// The positions of the lower triangle of a matrix, up to the diagonal `offset` places above
    /// the main one: rows, then columns, as the two rows of an int64 tensor, in row-major order.
    /// Same as `torch.tril_indices`.
    ///
    /// - Errors: `.argument` for negative sizes, `.dtype` for other than int64 and int32.
    public static func trilIndices(
        _ rows: Int, _ columns: Int, offset: Int = 0, dtype: DType = .int64, device: Device = .cpu
    ) -> Tensor {
        triangle("trilIndices", rows, columns, dtype, device, below: offset) { row, edge in
            0..<Swift.min(Swift.max(row + edge + 1, 0), columns)
        }
    }

    /// The positions of the upper triangle of a matrix, from the diagonal `offset` places above
    /// the main one. Same as `torch.triu_indices`.
    ///
    /// - Errors: `.argument` for negative sizes, `.dtype` for other than int64 and int32.
    public static func triuIndices(
        _ rows: Int, _ columns: Int, offset: Int = 0, dtype: DType = .int64, device: Device = .cpu
    ) -> Tensor {
        triangle("triuIndices", rows, columns, dtype, device, above: offset) { row, edge in
            Swift.min(Swift.max(row + edge, 0), columns)..<columns
        }
    }

    /// - Parameter span: The columns of a row, from the row and the diagonal.
    private static func triangle(
        _ operation: String, _ rows: Int, _ columns: Int, _ dtype: DType, _ device: Device,
        below: Int? = nil, above: Int? = nil, _ span: (Int, Int) -> Range<Int>
    ) -> Tensor {
        let (all, overflow) = rows.multipliedReportingOverflow(by: columns)
        if rows < 0 || columns < 0 || overflow || all > 1 << 60 {
            return Failure.poison(
                TensorError(
                    .argument,
                    "a matrix of \(rows) rows and \(columns) columns: sizes must not be negative, "
                        + "nor more elements than an Int counts", operation: operation))
        }
        if dtype != .int64 && dtype != .int32 {
            return Failure.poison(
                TensorError(
                    .dtype, "positions are int64 or int32, not \(dtype)", operation: operation))
        }
        if all == 0 { return made(operation, [2, 0], dtype, device, false) { _ in } }
        // Far outside, every diagonal is as good as the nearest one.
        func near(_ diagonal: Int) -> Int {
            Swift.min(Swift.max(diagonal, -rows - 1), columns + 1)
        }
        let lower = below.map { lowerCount(rows, columns, near($0)) }
        let count = lower ?? all - lowerCount(rows, columns, near(above!) - 1)
        return made(operation, [2, count], dtype, device, false) {
            (positions) throws(TensorError) in
            if count == 0 { return }
            try CPU.writing(positions, as: .int64) { target in
                let y = target.elements(Int64.self)
                var i = 0
                // The lower triangle leaves out the first rows, the upper one the last.
                var row = below.map { Swift.max(-near($0), 0) } ?? 0
                while i < count {
                    for column in span(row, near(below ?? above!)) {
                        (y[i], y[count + i]) = (Int64(row), Int64(column))
                        i += 1
                    }
                    row += 1
                }
            }
        }
    }

    /// How many elements lie on and below a diagonal: a growing part of each row, then all of it.
    private static func lowerCount(_ rows: Int, _ columns: Int, _ diagonal: Int) -> Int {
        let first = Swift.min(Swift.max(-diagonal, 0), rows)
        let full = Swift.min(Swift.max(columns - diagonal, first), rows)
        let growing = full - first
        let shortest = first + diagonal + 1
        // Half of first plus last, times their number; one of the factors is even.
        let sum =
            growing % 2 == 0
            ? growing / 2 * (2 * shortest + growing - 1)
            : (2 * shortest + growing - 1) / 2 * growing
        return sum + (rows - full) * columns
    }
}
