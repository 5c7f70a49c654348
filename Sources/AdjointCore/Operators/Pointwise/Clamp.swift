import CAdjoint

/// x cut off at one bound or two; at and beyond them the derivative is 0.
public struct Clamp: UnaryChainOp {
    public static let info = OpInfo(
        "clamp", family: .pointwise, formula: "min(max(x, l), u)",
        derivative: "1 where l < x < u, else 0", dtypes: .numeric)
    public static var samples: [Sample] {
        let values = Sample.Values.these([-2, -0.7, 0.2, 0.9, 1.5, 0.1])
        let bounds: [(Scalar?, Scalar?)] = [
            (.int(-1), .int(1)), (.float(0.5), nil), (nil, .float(0.5)),
        ]
        return bounds.flatMap { Sample.unary(Clamp($0.0, $0.1), over: values) }
    }
    let low: Scalar?
    let high: Scalar?
    /// Cuts off at `low` and `high`; nil for no bound.
    public init(_ low: Scalar?, _ high: Scalar?) {
        self.low = low
        self.high = high
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if low == nil && high == nil {
            throw TensorError(.argument, "at least one of min and max is needed")
        }
        if x.dtype.isFloatingPoint { return x.spec }
        try check(x.dtype)
        if case .float? = low { return TensorSpec(x.sizes, .float32) }
        if case .float? = high { return TensorSpec(x.sizes, .float32) }
        return x.spec
    }

    private var bounds: (low: Double, high: Double) {
        (low?.double ?? -.infinity, high?.double ?? .infinity)
    }

    public var loop: UnaryKernel? { .clamp(bounds.low, bounds.high) }
    /// A NaN among the bounds wins.
    public func value<T: Real>(_ x: T) -> T {
        let (low, high) = (T(bounds.low), T(bounds.high))
        if x.isNaN || low.isNaN { return x + low }
        return high.isNaN ? high : Swift.min(Swift.max(x, low), high)
    }
    public func value(_ x: Int64) -> Int64 {
        Swift.min(Swift.max(x, low?.int ?? .min), high?.int ?? .max)
    }

    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let x = saved[0]
        switch (low, high) {
        case (let low?, nil): return Tensor.where(x .> low.double, flow, 0)
        case (nil, let high?): return Tensor.where(x .< high.double, flow, 0)
        default:
            let inside = (x .> bounds.low).logicalAnd(x .< bounds.high)
            return Tensor.where(inside, flow, 0)
        }
    }
}

extension UnaryKernel {
    /// The loop that cuts off at two bounds; nil where one is NaN.
    static func clamp(_ low: Double, _ high: Double) -> UnaryKernel? {
        if low.isNaN || high.isNaN { return nil }
        return UnaryKernel(
            { x, y, n in adj_clamp_f32(x, Float(low), Float(high), y, n) },
            { x, y, n in adj_clamp_f64(x, low, high, y, n) })
    }
}

extension Tensor {
    /// Each element cut off at `min` and `max`; nil for no bound. The gradient is 0 at and beyond
    /// a bound. Same as `torch.clamp`.
    ///
    /// - Errors: `.argument` where both bounds are nil.
    public func clamp(min: Double? = nil, max: Double? = nil) -> Tensor {
        apply(Clamp(min?.scalar, max?.scalar), Operands(self))
    }
    /// Each element, or `min` where that is larger. The gradient is 0 at and below the bound.
    public func clamp(min: some TensorScalar) -> Tensor {
        apply(Clamp(min.scalar, nil), Operands(self))
    }
    /// Each element, or `max` where that is smaller. The gradient is 0 at and above the bound.
    public func clamp(max: some TensorScalar) -> Tensor {
        apply(Clamp(nil, max.scalar), Operands(self))
    }
    /// Each element cut off at two numbers. The gradient is 0 at and beyond a bound.
    public func clamp(min: some TensorScalar, max: some TensorScalar) -> Tensor {
        apply(Clamp(min.scalar, max.scalar), Operands(self))
    }
    /// Each element cut off at the elements of `min` and `max`, which broadcast. Where an element
    /// equals a bound, the two share the gradient.
    public func clamp(min: Tensor, max: Tensor? = nil) -> Tensor {
        let raised = maximum(min)
        return max.map { raised.minimum($0) } ?? raised
    }
    /// Each element cut off at that of `max`, which broadcasts. Where they are equal, they share
    /// the gradient.
    public func clamp(max: Tensor) -> Tensor { minimum(max) }

    /// Cuts off in place.
    @discardableResult public func clamp_(min: Double? = nil, max: Double? = nil) -> Tensor {
        applyInPlace(Clamp(min?.scalar, max?.scalar), self)
    }
    /// Writes `min` over the elements below it.
    @discardableResult public func clamp_(min: some TensorScalar) -> Tensor {
        applyInPlace(Clamp(min.scalar, nil), self)
    }
    /// Writes `max` over the elements above it.
    @discardableResult public func clamp_(max: some TensorScalar) -> Tensor {
        applyInPlace(Clamp(nil, max.scalar), self)
    }
    /// Cuts off at two numbers in place.
    @discardableResult
    public func clamp_(min: some TensorScalar, max: some TensorScalar) -> Tensor {
        applyInPlace(Clamp(min.scalar, max.scalar), self)
    }
    /// Cuts off at the elements of `min` and `max` in place; they broadcast to this tensor's shape.
    @discardableResult public func clamp_(min: Tensor, max: Tensor? = nil) -> Tensor {
        applyInPlace(Maximum(), self, min)
        return max.map { applyInPlace(Minimum(), self, $0) } ?? self
    }
    /// Cuts off at the elements of `max` in place; they broadcast to this tensor's shape.
    @discardableResult public func clamp_(max: Tensor) -> Tensor {
        applyInPlace(Minimum(), self, max)
    }
}
