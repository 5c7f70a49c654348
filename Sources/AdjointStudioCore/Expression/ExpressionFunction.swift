import Adjoint

/// The functions that an expression may call; each is the library's.
enum ExpressionFunction: String, Sendable, CaseIterable {
    case abs, exp, log, sqrt, sin, cos, tan, tanh, sigmoid, relu, softplus, square
    case sum, mean, prod, max, min
    case maximum, minimum, matmul, detach, `where`

    /// How many values it takes.
    var count: Int {
        switch self {
        case .where: 3
        case .maximum, .minimum, .matmul: 2
        default: 1
        }
    }

    /// How it is written: "maximum(a, b)".
    var usage: String {
        switch self {
        case .where: "where(condition, a, b)"
        case .maximum, .minimum, .matmul: "\(rawValue)(a, b)"
        default: "\(rawValue)(x)"
        }
    }

    /// The result; `values` are as many as `count`.
    func callAsFunction(_ values: [Tensor]) -> Tensor {
        let x = values[0]
        return switch self {
        case .abs: x.abs()
        case .exp: x.exp()
        case .log: x.log()
        case .sqrt: x.sqrt()
        case .sin: x.sin()
        case .cos: x.cos()
        case .tan: x.tan()
        case .tanh: x.tanh()
        case .sigmoid: x.sigmoid()
        case .relu: x.relu()
        case .softplus: Adjoint.softplus(x)
        case .square: x.square()
        case .sum: x.sum()
        case .mean: x.mean()
        case .prod: x.prod()
        case .max: x.max()
        case .min: x.min()
        case .maximum: x.maximum(values[1])
        case .minimum: x.minimum(values[1])
        case .matmul: x.matmul(values[1])
        case .detach: x.detach()
        case .where: Tensor.where(x, values[1], values[2])
        }
    }
}
