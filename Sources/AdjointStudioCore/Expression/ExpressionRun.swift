import Adjoint

/// Runs an expression with the library's operations.
struct ExpressionRun {
    /// A number stays one until it meets a tensor, so that `3 * x` is a product with a number.
    enum Value {
        case number(Double, isWhole: Bool)
        case tensor(Tensor)

        var tensor: Tensor {
            switch self {
            case .number(let value, _): Tensor(value, dtype: .float32)
            case .tensor(let tensor): tensor
            }
        }
    }

    /// Where the run is now, for whoever records it.
    var moved: (ExpressionPosition) -> Void = { _ in }
    /// A value got a name.
    var named: (Tensor, String) -> Void = { _, _ in }
    /// Called before each operation; throws where the run is to end.
    var check: (ExpressionPosition) throws -> Void = { _ in }

    /// The result of the last line.
    ///
    /// - Parameter leaves: The values of the program's leaves.
    /// - Throws: An `ExpressionError` where a leaf is missing or an operation refuses its operands,
    ///   and what `check` throws.
    func callAsFunction(_ program: ExpressionProgram, leaves: [String: Tensor]) throws -> Value {
        var values = leaves.mapValues { Value.tensor($0) }
        var stack: [Value] = []
        var result: Value?
        for instruction in program.instructions {
            let position = instruction.position
            moved(position)
            switch instruction.step {
            case .number(let value, let isWhole): stack.append(.number(value, isWhole: isWhole))
            case .load(let name):
                guard let value = values[name] else {
                    throw ExpressionError(
                        position, "\(name) has no value: give it one beside the expression")
                }
                stack.append(value)
            case .store(let name):
                values[name] = stack.last!
                if case .tensor(let tensor) = stack.last! { named(tensor, name) }
            case .finishLine:
                result = stack.popLast()
                stack = []
            case .negate:
                stack.append(try step(position) { Self.negated(stack.removeLast()) })
            case .binary(let binary):
                let b = stack.removeLast(), a = stack.removeLast()
                stack.append(try step(position) { try Self.combined(binary, a, b, position) })
            case .call(let function):
                let arguments = stack.suffix(function.count).map(\.tensor)
                stack.removeLast(function.count)
                if function == .where, arguments[0].dtype != .bool {
                    throw ExpressionError(
                        position, "the condition of where is a comparison, such as x > 0")
                }
                stack.append(try step(position) { .tensor(function(arguments)) })
            }
        }
        guard let result else {
            throw ExpressionError(ExpressionPosition(line: 1, column: 1), "there is no value")
        }
        return result
    }

    private func step(_ position: ExpressionPosition, _ body: () throws -> Value) throws -> Value {
        try check(position)
        do {
            return try catchingTensorErrors(body)
        } catch let error as TensorError {
            throw ExpressionError(position, error.message)
        }
    }

    private static func negated(_ value: Value) -> Value {
        switch value {
        case .number(let value, let isWhole): .number(-value, isWhole: isWhole)
        case .tensor(let tensor): .tensor(-tensor)
        }
    }

    private static func combined(
        _ binary: ExpressionProgram.Binary, _ a: Value, _ b: Value, _ position: ExpressionPosition
    ) throws -> Value {
        switch (a, b) {
        case (.number(let a, let isWholeA), .number(let b, let isWholeB)):
            return try numbers(binary, a, b, isWholeA && isWholeB, position)
        case (.tensor(let a), .number(let b, true)): return .tensor(tensors(binary, a, Int(b)))
        case (.tensor(let a), .number(let b, false)): return .tensor(tensors(binary, a, b))
        case (.number(let a, true), .tensor(let b)): return .tensor(tensors(binary, Int(a), b))
        case (.number(let a, false), .tensor(let b)): return .tensor(tensors(binary, a, b))
        case (.tensor(let a), .tensor(let b)): return .tensor(tensors(binary, a, b))
        }
    }

    private static func numbers(
        _ binary: ExpressionProgram.Binary, _ a: Double, _ b: Double, _ isWhole: Bool,
        _ position: ExpressionPosition
    ) throws -> Value {
        let value: Double
        switch binary {
        case .add: value = a + b
        case .subtract: value = a - b
        case .multiply: value = a * b
        case .divide: value = a / b
        case .power:
            let power = (Tensor(a, dtype: .float64) ** b).item() as Double
            return .number(power, isWhole: isWhole && b >= 0 && abs(power) < 1e15)
        default:
            throw ExpressionError(position, "two numbers are compared here: compare a leaf")
        }
        return .number(value, isWhole: isWhole && binary != .divide && abs(value) < 1e15)
    }

    private static func tensors(_ binary: ExpressionProgram.Binary, _ a: Tensor, _ b: Tensor)
        -> Tensor
    {
        switch binary {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .power: a ** b
        case .less: a .< b
        case .lessEqual: a .<= b
        case .greater: a .> b
        case .greaterEqual: a .>= b
        case .equal: a .== b
        case .notEqual: a .!= b
        }
    }

    private static func tensors(
        _ binary: ExpressionProgram.Binary, _ a: Tensor, _ b: some TensorScalar
    ) -> Tensor {
        switch binary {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .power: a ** b
        case .less: a .< b
        case .lessEqual: a .<= b
        case .greater: a .> b
        case .greaterEqual: a .>= b
        case .equal: a .== b
        case .notEqual: a .!= b
        }
    }

    private static func tensors(
        _ binary: ExpressionProgram.Binary, _ a: some TensorScalar, _ b: Tensor
    ) -> Tensor {
        switch binary {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .power: a ** b
        case .less: b .> a
        case .lessEqual: b .>= a
        case .greater: b .< a
        case .greaterEqual: b .<= a
        case .equal: b .== a
        case .notEqual: b .!= a
        }
    }
}
