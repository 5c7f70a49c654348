import AdjointCore

extension Arguments {
    /// A number that must not be a tensor; nil for None, a tensor, or nothing.
    func number(_ position: Int?, _ keyword: String? = nil) throws -> (any TensorScalar)? {
        switch argument(position, keyword) {
        case .int(let value): value
        case .float(let value): value
        case .bool(let value): value
        default: nil
        }
    }

    /// The first two arguments, of which the second may be a number.
    func pair(
        named keyword: String = "other", _ onTensor: (Tensor, Tensor) -> Tensor,
        _ onNumber: (Tensor, any TensorScalar) -> Tensor
    ) throws -> [any CallResult] {
        let first = try tensorOrNumber(0, "input")
        if let number = try number(1, keyword) { return [onNumber(first, number)] }
        return [onTensor(first, try tensor(1, keyword))]
    }

    /// The first two arguments, tensors both.
    func pair(named keyword: String = "other", _ call: (Tensor, Tensor) -> Tensor) throws
        -> [any CallResult]
    {
        [call(try tensor(0, "input"), try tensor(1, keyword))]
    }

    /// A tensor; a number as a 0-dimensional one.
    func tensorOrNumber(_ position: Int?, _ keyword: String? = nil) throws -> Tensor {
        guard let number = try number(position, keyword) else {
            return try tensor(position, keyword)
        }
        return Tensor(number)
    }

    /// A bound: nil for none.
    func limit(_ position: Int?, _ keyword: String? = nil) throws -> Operand? {
        switch argument(position, keyword) {
        case nil, .null: nil
        default: try operand(position, keyword)
        }
    }

    /// How a quotient is rounded.
    func rounding() throws -> DivRounding? {
        switch try text(nil, "rounding_mode") {
        case nil: nil
        case "floor": .floor
        case "trunc": .trunc
        case let other?: throw Mismatch("there is no rounding mode '\(other)'")
        }
    }
}

extension Arguments.Operand {
    /// The number that this is, if it is one.
    var number: (any TensorScalar)? {
        switch self {
        case .tensor: nil
        case .int(let value): value
        case .float(let value): value
        case .bool(let value): value
        }
    }
}
