/// The type that an operation computes in inside `autocast`.
public enum AutocastRule: Sendable, Hashable {
    /// The half-width type of the scope: products, whose terms are summed in float32 all the same.
    case half
    /// float32 in the place of half-width types: sums, norms, exponentials, losses.
    case full
    /// float32 where one operand has it and another is of half width.
    case widest
    /// The type that it has outside of the scope.
    case asGiven

    init(family: OpInfo.Family) {
        self =
            switch family {
            case .reduction, .normalization, .linearAlgebra, .composite: .full
            case .movement, .indexing, .convolution, .random: .widest
            // Their rooms promote.
            case .pointwise: .asGiven
            }
    }
}

/// Runs `body` with products of matrices, linear layers, convolutions and attention in `dtype`, and
/// softmax, norms, sums and losses in float32. Parameters stay in float32, and so do their
/// gradients. Same as `torch.autocast`.
///
///     let loss = autocast { crossEntropy(model(x), y) }
///     loss.backward()
///
/// Operands of float32 are converted where an operation asks for it; float64 is left alone. The
/// scope follows the task. A backward pass computes in the types that the forward pass chose,
/// wherever it is called. What a scope returns may be of half width.
///
/// - Parameters:
///   - dtype: `.bfloat16`, which has the range of float32, or `.float16`, whose gradients vanish
///     below 6e-8 and want a scaled loss.
///   - enabled: With false, everything computes in the types of its operands, also inside another
///     scope.
///   - body: What runs inside the scope.
/// - Errors: `.dtype` for another type; `body` runs as with `enabled: false` then.
public func autocast<R>(
    _ dtype: DType = .bfloat16, enabled: Bool = true, _ body: () throws -> R
) rethrows -> R {
    try Mode.current.with(autocast: Autocast.checked(dtype, enabled)).run(body)
}

/// The asynchronous form.
public func autocast<R>(
    _ dtype: DType = .bfloat16, enabled: Bool = true,
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.current.with(autocast: Autocast.checked(dtype, enabled))
        .run(isolation: isolation, body)
}

/// The type that products compute in here; nil outside of `autocast`.
public var autocastDType: DType? { Mode.current.autocast }

/// True inside `autocast`, unless it is switched off.
public var isAutocastEnabled: Bool { Mode.current.autocast != nil }

enum Autocast {
    static func checked(_ dtype: DType, _ enabled: Bool) -> DType? {
        if !enabled { return nil }
        if dtype.isHalf { return dtype }
        Failure.raise(
            TensorError(
                .dtype, "expected .bfloat16 or .float16, but got \(dtype)", operation: "autocast"))
        return nil
    }

    /// The operands in the types that `rule` asks for. What is converted keeps its history.
    static func cast(_ inputs: Operands, _ rule: AutocastRule, _ half: DType) -> Operands {
        let wanted: DType
        switch rule {
        case .asGiven: return inputs
        case .half: wanted = half
        case .full: wanted = .float32
        case .widest:
            let isMixed =
                inputs.count > 1
                && inputs.contains { $0.dtype == .float32 && !$0.flags.contains(.wrappedNumber) }
            if !isMixed { return inputs }
            wanted = .float32
        }
        func isOther(_ tensor: Tensor) -> Bool {
            (tensor.dtype.isHalf || tensor.dtype == .float32) && tensor.dtype != wanted
        }
        if !inputs.contains(where: isOther) { return inputs }
        return Operands(inputs.map { isOther($0) ? Tangents.cast($0, to: wanted) : $0 })
    }
}

extension DType {
    /// True for the two floating-point types of 16 bits.
    var isHalf: Bool { self == .float16 || self == .bfloat16 }
}

extension Door {
    /// The operands that an operation works on, in a scope that exchanges or converts them.
    @inline(never)
    static func changed<Op: AnyOperator>(_: Op.Type, _ inputs: Operands, _ mode: Mode) -> Operands {
        let inputs = mode.exchange?.standIns(inputs) ?? inputs
        return mode.autocast.map { Autocast.cast(inputs, Op.autocast, $0) } ?? inputs
    }
}

extension Tensor {
    /// This tensor as losses take it: inside `autocast` in float32 in the place of half width.
    var unhalved: Tensor {
        dtype.isHalf && Mode.current.autocast != nil ? Tangents.cast(self, to: .float32) : self
    }

    /// This tensor as products take it: inside `autocast` of half width in the place of float32.
    var halved: Tensor {
        guard dtype == .float32 || dtype.isHalf, let half = Mode.current.autocast else {
            return self
        }
        return Tangents.cast(self, to: half)
    }
}
