import AdjointCore
import CAdjoint

/// Copies what a trace keeps of a tensor's elements.
struct ValueCapture {
    /// How many elements stand in a summary: enough to tell tensors apart, and most of what its
    /// text takes.
    private static let headLength = 8

    let values: TraceCapture.Values
    let limit: Int
    let bins: Int

    func value(_ tensor: Tensor?) -> TraceValue {
        guard let tensor else { return .none(.undefinedGrad) }
        if values == .none || tensor.isObservedBatch || tensor.isPoisoned {
            return .none(.notCaptured)
        }
        if tensor.numel == 0 { return .full([], exact: true) }
        var result = TraceValue.none(.notCaptured)
        tensor.withDenseBytes { bytes in
            switch tensor.dtype {
            case .float32: result = floats(bytes.bindMemory(to: Float.self), ValueCapture.number)
            case .float64: result = floats(bytes.bindMemory(to: Double.self)) { $0 }
            case .float16:
                result = halves(bytes) { ValueCapture.half($0) }
            case .bfloat16:
                result = halves(bytes) { Float(bitPattern: UInt32($0) << 16) }
            case .int64: result = integers(bytes.bindMemory(to: Int64.self))
            case .int32: result = integers(bytes.bindMemory(to: Int32.self))
            case .int16: result = integers(bytes.bindMemory(to: Int16.self))
            case .int8: result = integers(bytes.bindMemory(to: Int8.self))
            case .uint8, .bool: result = integers(bytes.bindMemory(to: UInt8.self))
            }
        }
        return result
    }

    /// The `Double` that is written as the float is: with the fewest digits that name it.
    static func number(_ x: Float) -> Double {
        if x.isNaN || x.isInfinite || x == x.rounded(.towardZero) && abs(x) < 16_777_216 {
            return Double(x)
        }
        let short = decimal(x) ?? Double(x.description) ?? Double(x)
        return Float(short) == x ? short : Double(x)
    }

    /// The decimal of 6 to 9 digits that is nearest to `x` and names it. Whole numbers below 2^53
    /// and powers of ten up to 22 are doubles, and so one division or product of them is rounded
    /// as the decimal itself is; nil where the power lies beyond that.
    ///
    /// Fewer than 6 digits need no try of their own: two decimals of 6 are never one float, and so
    /// a shorter one that names `x` is the one of 6, with zeros at its end.
    private static func decimal(_ x: Float) -> Double? {
        let size = abs(x)
        // The power of ten of the first digit, or one less: 78,913 / 2^18 is the logarithm of 2.
        let first = (Int(x.exponent) * 78_913) >> 18
        guard abs(8 - first) < tens.count, abs(5 - first) < tens.count else { return nil }
        // Most need 8 or 9, and what some digits name more digits name.
        var short = decimal(size, 8, first)
        if Float(short) == size {
            for digits in [7, 6] {
                let next = decimal(size, digits, first)
                if Float(next) != size { break }
                short = next
            }
        } else {
            short = decimal(size, 9, first)
        }
        return x < 0 ? -short : short
    }

    /// `size` with so many digits, of which the first stands for 10 to the power of `first`.
    private static func decimal(_ size: Float, _ digits: Int, _ first: Int) -> Double {
        let power = digits - 1 - first
        let scaled = power < 0 ? Double(size) / tens[-power] : Double(size) * tens[power]
        var nearest = Int64(scaled + 0.5)
        // Between two, the even one, as Swift prints it.
        if Double(nearest) - scaled == 0.5 { nearest &= ~1 }
        return power < 0 ? Double(nearest) * tens[-power] : Double(nearest) / tens[power]
    }

    /// The powers of ten that are doubles.
    private static let tens: [Double] = (0...22).map { n in (0..<n).reduce(1) { x, _ in x * 10 } }

    /// IEEE 754 binary16, whose every number is a float.
    static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Float(bits & 1023)
        if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
        if exponent == 0 { return sign * fraction * 0x1p-24 }
        return sign * (1 + fraction / 1024)
            * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }

    private func floats<T: BinaryFloatingPoint>(
        _ elements: UnsafeBufferPointer<T>, _ number: (T) -> Double
    ) -> TraceValue {
        if elements.count <= limit { return .full(elements.map(number), exact: true) }
        var summary = Statistics(elements).summary
        summary.head = elements.prefix(min(limit, ValueCapture.headLength)).map(number)
        if T.self == Float.self {
            summary.min = summary.min.map { ValueCapture.number(Float($0)) }
            summary.max = summary.max.map { ValueCapture.number(Float($0)) }
            if let low = summary.min, let high = summary.max {
                summary.absmax = Swift.max(abs(low), abs(high))
            }
        }
        summary.hist = histogram(elements, summary)
        return .sum(summary)
    }

    private func halves(_ bytes: UnsafeRawBufferPointer, _ float: (UInt16) -> Float) -> TraceValue {
        let all = bytes.bindMemory(to: UInt16.self).map(float)
        return all.withUnsafeBufferPointer { floats($0, ValueCapture.number) }
    }

    private func integers<T: FixedWidthInteger>(_ elements: UnsafeBufferPointer<T>) -> TraceValue {
        if elements.count <= limit {
            let isExact = elements.allSatisfy { Double(exactly: $0) != nil }
            return .full(elements.map { Double($0) }, exact: isExact)
        }
        let all = elements.map { Double($0) }
        return all.withUnsafeBufferPointer { floats($0) { $0 } }
    }

    private func histogram<T: BinaryFloatingPoint>(
        _ elements: UnsafeBufferPointer<T>, _ summary: TraceSummary
    ) -> TraceHistogram? {
        guard bins > 0, let low = summary.min, let high = summary.max, low < high else {
            return nil
        }
        let width = high / Double(bins) - low / Double(bins)
        guard width > 0, width.isFinite else { return nil }
        var counts = [Int](repeating: 0, count: bins)
        for element in elements where element.isFinite {
            let position = (Double(element) - low) / width
            counts[Swift.min(Swift.max(Int(position), 0), bins - 1)] += 1
        }
        return TraceHistogram(
            edges: (0..<bins).map { low + width * Double($0) } + [high], counts: counts)
    }
}

extension TraceValue {
    /// True unless an element is NaN or infinite. Elements that were not captured are looked at.
    func isFinite(_ tensor: Tensor) -> Bool {
        switch self {
        case .none: tensor.isFinite
        case .full(let data, _): data.allSatisfy(\.isFinite)
        case .sum(let summary): summary.nan == 0 && summary.inf == 0
        }
    }
}

/// One pass over many elements.
struct Statistics {
    private(set) var summary: TraceSummary

    init<T: BinaryFloatingPoint>(_ elements: UnsafeBufferPointer<T>) {
        if T.self == Float.self, let first = elements.first {
            var sums = adj_summary()
            let floats = UnsafeRawBufferPointer(elements).bindMemory(to: Float.self)
            adj_summarize_f32(floats.baseAddress, Int64(floats.count), Double(first), &sums)
            // The square of a float is a finite double: only NaN and infinity make the sum none.
            if sums.squares.isFinite {
                summary = TraceSummary(
                    n: floats.count, zeros: Int(sums.zeros), nan: 0, inf: 0)
                finish(
                    Double(sums.low), Double(sums.high), sums.sum, sums.squares, sums.aside,
                    Double(first), floats.count)
                return
            }
        }
        var (low, high) = (T.infinity, -T.infinity)
        var (nan, inf, zeros) = (0, 0, 0)
        var (sum, squares, aside) = (0.0, 0.0, 0.0)
        // Squares of the distance from an element that is near: those from 0 would cancel.
        let near = elements.first { $0.isFinite }.map { Double($0) } ?? 0
        for element in elements {
            guard element.isFinite else {
                if element.isNaN { nan += 1 } else { inf += 1 }
                continue
            }
            let x = Double(element)
            low = Swift.min(low, element)
            high = Swift.max(high, element)
            if element == 0 { zeros += 1 }
            sum += x
            squares += x * x
            aside += (x - near) * (x - near)
        }
        summary = TraceSummary(n: elements.count, zeros: zeros, nan: nan, inf: inf)
        finish(
            Double(low), Double(high), sum, squares, aside, near, elements.count - nan - inf)
    }

    private mutating func finish(
        _ low: Double, _ high: Double, _ sum: Double, _ squares: Double, _ aside: Double,
        _ near: Double, _ count: Int
    ) {
        if count == 0 { return }
        let finite = Double(count)
        let mean = sum / finite
        summary.min = low
        summary.max = high
        summary.mean = mean
        summary.std = Swift.max(aside / finite - (mean - near) * (mean - near), 0).squareRoot()
        summary.l2 = squares.squareRoot()
        summary.absmax = Swift.max(abs(low), abs(high))
    }
}
