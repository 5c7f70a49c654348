public import AdjointCore

extension Sample.Input {
    /// True for inputs that can require gradients: numbers, as against positions and masks.
    public var takesGradient: Bool {
        switch values {
        case .indices, .mask: false
        default: true
        }
    }

    /// A tensor of this shape with values drawn from `seed`, the same each time.
    ///
    /// - Parameter dtype: The dtype of numbers. Positions are int64 and masks bool all the same.
    public func make(seed: Int, dtype: DType = .float64, requiresGrad: Bool = false) -> Tensor {
        var source = SplitMix(seed: seed)
        let count = sizes.product
        let shape = sizes.array
        switch values {
        case .uniform(let low, let high):
            let numbers = (0..<count).map { _ in Double.random(in: low...high, using: &source) }
            return Tensor(numbers, shape: shape, dtype: dtype, requiresGrad: requiresGrad)
        case .distinct:
            // Odd multiples of a twentieth: a tenth apart, and none is 0.
            let numbers = (0..<count).map { Double(2 * ($0 - count / 2) + 1) / 20 }
            return Tensor(
                numbers.shuffled(using: &source), shape: shape, dtype: dtype,
                requiresGrad: requiresGrad)
        case .indices(let bound):
            let positions = (0..<count).map { _ in Int.random(in: 0..<bound, using: &source) }
            return Tensor(positions, shape: shape, dtype: .int64)
        case .mask:
            return Tensor((0..<count).map { _ in Bool.random(using: &source) }, shape: shape)
        case .these(let numbers):
            let filled = (0..<count).map { numbers[$0 % numbers.count] }
            return Tensor(filled, shape: shape, dtype: dtype, requiresGrad: requiresGrad)
        }
    }
}

/// A small generator whose numbers depend on the seed alone (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
