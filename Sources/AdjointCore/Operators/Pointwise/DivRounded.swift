/// Which way a quotient is rounded to a whole number.
public enum DivRounding: Sendable {
    /// Towards minus infinity, as Python's `//` does.
    case floor
    /// Towards zero, as C's integer division does.
    case trunc
}

/// The whole part of a / b. It changes in steps, so its derivatives are 0.
public struct DivRounded: BinaryChainOp {
    public static let info = OpInfo(
        "div", family: .pointwise, formula: "⌊a / b⌋ or trunc(a / b)", derivative: "0, 0",
        torch: "torch.div(rounding_mode)", dtypes: .numeric)
    public static var samples: [Sample] {
        Sample.binary(DivRounded(.floor), .these([2.5]), .these([0.9]))
            + Sample.binary(DivRounded(.trunc), .these([-2.5]), .these([0.9]))
    }
    let rounding: DivRounding
    /// The quotient, rounded in this way.
    public init(_ rounding: DivRounding) { self.rounding = rounding }
    public func saves(for wanted: InputSet) -> SavedSet { .none }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try checkDivisor(inputs, output.dtype)
        try CPU.zip(self, inputs.first, inputs.second!, as: output.dtype.computeType, into: output)
    }

    public func value<T: Real>(_ a: T, _ b: T) -> T {
        if rounding == .trunc { return (a / b).rounded(.towardZero) }
        if b == 0 { return a / b }
        // a - (a mod b) is a whole multiple of b, up to the rounding of the quotient.
        let rest = T.fmod(a, b)
        var quotient = (a - rest) / b
        if rest != 0 && (rest < 0) != (b < 0) { quotient -= 1 }
        if quotient == 0 { return a / b < 0 ? -0.0 : 0 }
        let floor = quotient.rounded(.down)
        return quotient - floor > 0.5 ? floor + 1 : floor
    }

    public func value(_ a: Int64, _ b: Int64) -> Int64 {
        if b == -1 { return 0 &- a }
        let quotient = a / b
        return rounding == .floor && a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
    }

    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        Tangents.zeros(flow.spec, flow.device)
    }
}

extension Operator {
    /// Whole numbers have no quotient by 0.
    func checkDivisor(_ inputs: Operands, _ result: DType) throws(TensorError) {
        if result.isFloatingPoint { return }
        let divisor = try CPU.dense(inputs.second!, .int64)
        let values = UnsafeBufferPointer(start: divisor.elements(Int64.self), count: divisor.numel)
        if values.contains(0) && inputs.first.numel > 0 {
            throw TensorError(.argument, "division by zero in a tensor of whole numbers")
        }
    }
}

extension Tensor {
    /// The quotient rounded to a whole number; whole numbers stay whole. Same as
    /// `torch.div(..., rounding_mode:)`.
    ///
    /// - Errors: `.argument` where a whole number is divided by 0.
    public func div(_ other: Tensor, rounding: DivRounding) -> Tensor {
        apply(DivRounded(rounding), Operands(self, other))
    }
    /// The quotient by a number, rounded to a whole number.
    ///
    /// - Errors: `.argument` where whole numbers are divided by 0.
    public func div(_ other: some TensorScalar, rounding: DivRounding) -> Tensor {
        div(.number(other), rounding: rounding)
    }
    /// The quotient rounded down. Same as `torch.floor_divide`.
    public func floorDivide(_ other: Tensor) -> Tensor { div(other, rounding: .floor) }
    /// The quotient by a number, rounded down. Same as `torch.floor_divide`.
    public func floorDivide(_ other: some TensorScalar) -> Tensor { div(other, rounding: .floor) }
    /// Writes the rounded quotient in place.
    @discardableResult public func div_(_ other: Tensor, rounding: DivRounding) -> Tensor {
        applyInPlace(DivRounded(rounding), self, other)
    }
    /// Writes the rounded quotient by a number in place.
    @discardableResult
    public func div_(_ other: some TensorScalar, rounding: DivRounding) -> Tensor {
        div_(.number(other), rounding: rounding)
    }
}
