import AdjointCore

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

    /// The number that the digits of `x` name. Up to 15 digits and a power of ten up to 22 are
    /// doubles, and so one division or product of them is rounded as the whole number is; nil
    /// beyond that.
    private static func decimal(_ x: Float) -> Double? {
        var text = x.description
        return text.withUTF8 { text in
            var (digits, scale, exponent) = (Int64(0), 0, 0)
            var isFraction = false
            var place = text.first == UInt8(ascii: "-") ? 1 : 0
            let isNegative = place == 1
            while place < text.count {
                let byte = text[place]
                place += 1
                if byte == UInt8(ascii: ".") {
                    isFraction = true
                } else if byte == UInt8(ascii: "e") {
                    // The sign is always there: "1e-05", "1e+20".
                    for digit in text[(place + 1)...] {
                        exponent = exponent * 10 + Int(digit - UInt8(ascii: "0"))
                    }
                    if text[place] == UInt8(ascii: "-") { exponent = -exponent }
                    place = text.count
                } else {
                    digits = digits * 10 + Int64(byte - UInt8(ascii: "0"))
                    if isFraction { scale += 1 }
                }
            }
            exponent -= scale
            guard digits < 1_000_000_000_000_000, abs(exponent) < tens.count else { return nil }
            let whole = isNegative ? -Double(digits) : Double(digits)
            return exponent < 0 ? whole / tens[-exponent] : whole * tens[exponent]
        }
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
            summary.absmax = summary.absmax.map { ValueCapture.number(Float($0)) }
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

/// One pass over many elements.
struct Statistics {
    private(set) var summary: TraceSummary

    init<T: BinaryFloatingPoint>(_ elements: UnsafeBufferPointer<T>) {
        if T.self == Float.self,
            let sums = FiniteSums(UnsafeRawBufferPointer(elements).bindMemory(to: Float.self))
        {
            summary = TraceSummary(n: elements.count, zeros: sums.zeros, nan: 0, inf: 0)
            finish(
                Double(sums.low), Double(sums.high), sums.sum, sums.squares, sums.aside, sums.near,
                elements.count)
            return
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

/// The sums of floats that are all finite, eight at a time.
private struct FiniteSums {
    private(set) var (low, high) = (Float.infinity, -Float.infinity)
    private(set) var (sum, squares, aside) = (0.0, 0.0, 0.0)
    private(set) var zeros = 0
    let near: Double

    /// Nil where there is no element, or one that is not finite.
    init?(_ elements: UnsafeBufferPointer<Float>) {
        guard let first = elements.first else { return nil }
        near = Double(first)
        var lows = SIMD8<Float>(repeating: low)
        var highs = SIMD8<Float>(repeating: high)
        var (sums, powers, distances) = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
        var counts = SIMD8<Int32>()
        let whole = elements.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) {
            let x = UnsafeRawPointer(elements.baseAddress! + start)
                .loadUnaligned(as: SIMD8<Float>.self)
            lows.replace(with: x, where: x .< lows)
            highs.replace(with: x, where: x .> highs)
            counts.replace(with: counts &+ 1, where: x .== 0)
            let wide = SIMD8<Double>(x)
            sums += wide
            powers += wide * wide
            let distance = wide - near
            distances += distance * distance
        }
        (sum, squares, aside) = (sums.sum(), powers.sum(), distances.sum())
        (low, high) = (lows.min(), highs.max())
        zeros = Int(counts.wrappedSum())
        for i in whole..<elements.count {
            let x = Double(elements[i])
            low = Swift.min(low, elements[i])
            high = Swift.max(high, elements[i])
            if x == 0 { zeros += 1 }
            sum += x
            squares += x * x
            aside += (x - near) * (x - near)
        }
        // The square of a float is a finite double: only NaN and infinity make the sum none.
        if !squares.isFinite { return nil }
    }
}
