import AdjointCore

/// Sums in the arithmetic of a dtype, one after the other, as the engine adds gradients.
enum ExactSum {
    /// Nil for lists of different lengths, and for a dtype without arithmetic.
    static func of(_ parts: [[Double]], _ dtype: String) -> [Double]? {
        guard let first = parts.first, parts.allSatisfy({ $0.count == first.count }) else {
            return nil
        }
        if parts.count == 1 { return first }
        switch dtype {
        case "float64": return fold(parts) { $0 + $1 }
        case "float32":
            return fold(parts) { ValueCapture.number(Float($0) + Float($1)) }
        case "float16", "bfloat16":
            let type: DType = dtype == "float16" ? .float16 : .bfloat16
            return fold(parts) { rounded(Float($0) + Float($1), type) }
        default: return nil
        }
    }

    private static func fold(_ parts: [[Double]], _ add: (Double, Double) -> Double) -> [Double] {
        parts.dropFirst().reduce(parts[0]) { sum, part in zip(sum, part).map(add) }
    }

    /// The float that a 16-bit type keeps of `x`.
    private static func rounded(_ x: Float, _ dtype: DType) -> Double {
        let kept = observing(nil) { noGrad { Tensor(x).to(dtype).to(.float32) } }
        return ValueCapture.number(kept.item(as: Float.self))
    }

    static func areSame(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy(SameNumber.areSame)
    }
}
