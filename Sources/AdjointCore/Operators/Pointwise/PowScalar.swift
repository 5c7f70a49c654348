import CAdjoint

/// xⁿ for a number n. The frequent powers are products and roots.
public struct PowScalar: UnaryChainOp {
    public static let info = OpInfo(
        "pow", family: .pointwise, formula: "xⁿ", derivative: "n xⁿ⁻¹",
        torch: "torch.pow(scalar)")
    public static var samples: [Sample] {
        let exponents: [Scalar] = [.int(2), .int(3), .float(0.5), .int(-1), .float(-1.5), .int(0)]
        return exponents.flatMap { Sample.unary(PowScalar($0), over: .uniform(0.3, 2)) }
    }
    let exponent: Scalar
    /// x to this power.
    public init(_ exponent: Scalar) { self.exponent = exponent }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if x.dtype.isFloatingPoint { return TensorSpec(x.sizes, x.dtype) }
        if case .float = exponent { return TensorSpec(x.sizes, .float32) }
        if exponent.int < 0 {
            throw TensorError(
                .argument,
                "whole numbers to a negative whole power are not whole: convert the tensor to a "
                    + "floating-point dtype first")
        }
        return TensorSpec(x.sizes, x.dtype == .bool ? .int64 : x.dtype)
    }

    public var loop: UnaryKernel? {
        switch exponent.double {
        case 2: return UnaryKernel(adj_square_f32, adj_square_f64)
        case 0.5: return UnaryKernel(adj_sqrt_f32, adj_sqrt_f64)
        case -0.5: return UnaryKernel(adj_rsqrt_f32, adj_rsqrt_f64)
        case -1: return UnaryKernel(adj_reciprocal_f32, adj_reciprocal_f64)
        case 3: return UnaryKernel(cubes, cubes)
        case 0, 1: return nil
        case let p:
            return UnaryKernel(
                { x, y, n in
                    var p = Float(p)
                    adj_pow_f32(x, 1, &p, 0, y, 1, n)
                },
                { x, y, n in
                    var p = p
                    adj_pow_f64(x, 1, &p, 0, y, 1, n)
                })
        }
    }

    @Sendable private func cubes<T: Real>(
        _ x: UnsafePointer<T>?, _ y: UnsafeMutablePointer<T>?, _ n: Int
    ) {
        let (x, y) = (x!, y!)
        for i in 0..<n { y[i] = x[i] * x[i] * x[i] }
    }

    public func value<T: Real>(_ x: T) -> T {
        switch exponent.double {
        case 0: 1
        case 1: x
        case 2: x * x
        case 3: x * x * x
        case 0.5: x.squareRoot()
        case -0.5: 1 / x.squareRoot()
        case -1: 1 / x
        case let p: .pow(x, T(p))
        }
    }
    public func value(_ x: Int64) -> Int64 { wholePower(x, exponent.int) }

    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        switch exponent.double {
        case 0: Tangents.zeros(flow.spec, flow.device)
        case 1 where !isGradEnabled: flow
        // Where the gradient is itself recorded, the powers go on down to x⁰, so that the
        // derivatives of any order exist and are zeros at last.
        case 2 where !isGradEnabled: flow * (saved[0] * 2)
        case let p: flow * (saved[0] ** (p - 1) * p)
        }
    }

    public var backwardKernel: BackwardKernel? {
        exponent.double == 2
            ? BackwardKernel(adj_square_backward_f32, adj_square_backward_f64) : nil
    }
}
