/// A relation between two numbers: its result is boolean and constant almost everywhere.
public protocol ComparisonOp: ConstantOp, Relation {}

extension ComparisonOp {
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(try broadcastSizes(inputs.first, inputs.second!), .bool)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (a, b) = (inputs.first, inputs.second!)
        try CPU.compare(self, a, b, promotedType(a, b), into: output)
    }
}

/// A connective of two truth values: numbers other than 0, NaN among them, are true.
public protocol LogicalOp: ConstantOp {
    /// The loop over bytes that are 0 or 1.
    static var kernel: TruthKernel { get }
}

extension LogicalOp {
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(try broadcastSizes(inputs.first, inputs.second!), .bool)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.walk(
            inputs.first, inputs.second!, output, .bool, .bool, UInt8.self, UInt8.self
        ) { p, sp, q, sq, y, sy, n in Self.kernel.loop(p, sp, q, sq, y, sy, n) }
    }
}

/// A function of the bits of two whole numbers, or of two booleans.
public protocol BitwiseOp: ConstantOp {
    /// The function at one pair; booleans are 0 and 1.
    func value(_ a: Int64, _ b: Int64) -> Int64
}

extension BitwiseOp {
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let dtype = promotedType(inputs.first, inputs.second!)
        try check(dtype)
        return TensorSpec(try broadcastSizes(inputs.first, inputs.second!), dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.walk(
            inputs.first, inputs.second!, output, .int64, .int64, Int64.self, Int64.self
        ) { p, sp, q, sq, y, sy, n in
            for i in 0..<n { y[i * sy] = value(p[i * sp], q[i * sq]) }
        }
    }
}

/// A question about one number.
public protocol UnaryTestOp: ConstantOp, FloatTest {}

extension UnaryTestOp {
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(inputs.first.sizes, .bool)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.test(self, inputs.first, into: output)
    }
}
