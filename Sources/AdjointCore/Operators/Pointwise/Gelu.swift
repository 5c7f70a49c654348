import CAdjoint

/// How `gelu` computes the normal distribution function.
public enum GeluApproximation: Sendable {
    /// Exactly, by the error function.
    case none
    /// By a hyperbolic tangent, as the original BERT did.
    case tanh
}

/// The Gaussian error linear unit, x Φ(x) (Hendrycks and Gimpel, 2016).
public struct Gelu: UnaryPointwiseOp {
    public static let info = OpInfo(
        "gelu", family: .pointwise, formula: "x Φ(x)", derivative: "Φ(x) + x φ(x)",
        torch: "torch.nn.functional.gelu", dtypes: .floating)
    public static var samples: [Sample] {
        Sample.unary(Gelu(), over: .uniform(-3, 3))
            + Sample.unary(Gelu(.tanh), over: .uniform(-3, 3))
    }
    let approximation: GeluApproximation
    /// x Φ(x), exactly or by a hyperbolic tangent.
    public init(_ approximation: GeluApproximation = .none) {
        self.approximation = approximation
    }

    private static let root = 0.797_884_560_802_865_355_88  // √(2/π)
    private static let cubic = 0.044715

    public var loop: UnaryKernel? {
        approximation == .none
            ? UnaryKernel(adj_gelu_f32, adj_gelu_f64)
            : UnaryKernel(adj_gelu_tanh_f32, adj_gelu_tanh_f64)
    }
    public var backwardKernel: BackwardKernel? {
        approximation == .none
            ? BackwardKernel(adj_gelu_backward_f32, adj_gelu_backward_f64)
            : BackwardKernel(adj_gelu_tanh_backward_f32, adj_gelu_tanh_backward_f64)
    }

    public func value<T: Real>(_ x: T) -> T {
        if approximation == .none { return x * T.erfc(-x * T(0.5.squareRoot())) / 2 }
        let inner = T(Self.root) * (x + T(Self.cubic) * x * x * x)
        // (1 + tanh u) / 2 = σ(2u), which keeps its accuracy in the tail.
        return x / (1 + T.exp(-2 * inner))
    }

    public func derivative(_ saved: Saved) -> Tensor {
        let x = saved[0]
        let square = x * x
        if approximation == .none {
            let density = (square * -0.5).exp() * (Self.root / 2)
            return (x * -(0.5.squareRoot())).erfc() * 0.5 + x * density
        }
        let sigma = ((x * square * Self.cubic + x) * (2 * Self.root)).sigmoid()
        let inner = (square * (3 * Self.cubic) + 1) * (2 * Self.root)
        return sigma + x * inner * (sigma * (1 - sigma))
    }
}

extension Tensor {
    /// x Φ(x) for each element `x`, with the normal distribution function Φ. Same as
    /// `torch.nn.functional.gelu`.
    public func gelu(approximate: GeluApproximation = .none) -> Tensor {
        apply(Gelu(approximate), Operands(self))
    }
}
