@testable import AdjointCore

// Operators with one mistake each, of the kinds that happen. Every sweep must catch its own.

/// An operator under construction in a test: one name, one family, a few samples.
private func broken(_ name: String, _ dtypes: DTypes = .floating) -> OpInfo {
    OpInfo(name, family: .pointwise, formula: "wrong on purpose", dtypes: dtypes)
}

private let matrix = Sample.Input([2, 3])

/// sin, with a derivative that both modes share and that is a hundredth off.
struct WrongDerivative: UnaryPointwiseOp {
    static let info = broken("wrongDerivative")
    static var samples: [Sample] { [Sample(WrongDerivative(), matrix)] }
    func value<T: Real>(_ x: T) -> T { .exp(x) }
    func derivative(_ saved: Saved) -> Tensor { saved[0].exp() * 1.01 }
}

/// A shift by one place whose transpose shifts the same way.
struct WrongTranspose: LinearOp {
    static let info = broken("wrongTranspose")
    static var samples: [Sample] { [Sample(WrongTranspose(), .init([4]))] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = try CPU.dense(inputs.first, .float64)
        try CPU.writing(output, as: .float64) { target in
            let (p, y, n) = (x.elements(Double.self), target.elements(Double.self), target.numel)
            for i in 0..<n { y[i] = i == 0 ? 0 : p[i - 1] }
        }
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(self, Operands(cotangent))
    }
}

/// A product whose forward rule forgets the second factor's tangent.
struct MissingPushTerm: BinaryPointwiseOp {
    static let info = broken("missingPushTerm")
    static var samples: [Sample] { [Sample(MissingPushTerm(), matrix, matrix)] }
    func value<T: Real>(_ a: T, _ b: T) -> T { a * b }
    func derivative(wrt i: Int, _ saved: Saved) -> Tensor { saved[1 - i] }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { $0 * saved[1] }
    }
}

/// exp, with a right derivative that is a constant for the second one.
struct WrongSecondDerivative: UnaryPointwiseOp {
    static let info = broken("wrongSecondDerivative")
    static let saves: SavedSet = .output
    static var samples: [Sample] { [Sample(WrongSecondDerivative(), matrix)] }
    func value<T: Real>(_ x: T) -> T { .exp(x) }
    func derivative(_ saved: Saved) -> Tensor { saved.output.detach() }
}

/// A copy that walks memory and ignores strides.
struct IgnoresStrides: LinearOp {
    static let info = broken("ignoresStrides")
    static var samples: [Sample] { [Sample(IgnoresStrides(), matrix)] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) {
        let (x, size) = (inputs.first, output.dtype.itemSize)
        let span = Swift.min(output.numel, x.storage.byteCount / size - x.layout.offset)
        output.pointer!.copyMemory(from: x.pointer!, byteCount: span * size)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        cotangent.clone()
    }
}

/// A copy whose transpose ignores the strides of the gradient that arrives.
struct IgnoresCotangentStrides: LinearOp {
    static let info = broken("ignoresCotangentStrides")
    static var samples: [Sample] { [Sample(IgnoresCotangentStrides(), matrix)] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(IgnoresStrides(), Operands(cotangent))
    }
}

/// A product that doubles the gradient where only the first factor wants one.
struct WrongWhereOneIsConstant: MultiOperator {
    static let info = broken("wrongWhereOneIsConstant")
    static var samples: [Sample] { [Sample(WrongWhereOneIsConstant(), matrix, matrix)] }
    func saves(for wanted: InputSet) -> SavedSet { .inputs }
    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] { [inputs.first.spec] }
    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.zip(Mul(), inputs[0], inputs[1], as: .float64, into: outputs[0])
    }
    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        let first = cotangents[0]! * saved[1]
        return TensorSlots([wanted.contains(1) ? first : first * 2, cotangents[0]! * saved[0]])
    }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        TensorSlots(
            Chain.sum(tangents[0].map { $0 * saved[1] }, tangents[1].map { $0 * saved[0] }))
    }
}

/// exp, which reads an output that it did not declare.
struct UndeclaredSave: UnaryPointwiseOp {
    static let info = broken("undeclaredSave")
    static let saves: SavedSet = .none
    static var samples: [Sample] { [Sample(UndeclaredSave(), matrix)] }
    func value<T: Real>(_ x: T) -> T { .exp(x) }
    func derivative(_ saved: Saved) -> Tensor { saved.output }
}

/// A square that keeps its input in a corner of its own, where no version is checked.
struct HiddenSave: UnaryPointwiseOp {
    private final class Corner: @unchecked Sendable { var input: Tensor? }
    static let info = broken("hiddenSave")
    static let saves: SavedSet = .none
    static var samples: [Sample] { [Sample(HiddenSave(), matrix)] }
    private let corner = Corner()
    func value<T: Real>(_ x: T) -> T { x * x }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        corner.input = inputs.first.detach()
        try CPU.map(self, inputs.first, into: output)
    }
    func derivative(_ saved: Saved) -> Tensor { corner.input! * 2 }
}

/// The elements above 0, whose number the device without data cannot know.
struct WrongMetaShape: ConstantOp {
    static let info = broken("wrongMetaShape")
    static var samples: [Sample] { [Sample(WrongMetaShape(), matrix)] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if x.device == .meta { return TensorSpec([x.numel], x.dtype) }
        return TensorSpec([x.array(as: Double.self).count { $0 > 0 }], x.dtype)
    }
    func compute(_ inputs: Operands, into output: Tensor) { CPU.fill(output, .float(1)) }
}

/// A copy that goes through whole numbers in half precision.
struct WrongInHalfPrecision: LinearOp {
    static let info = broken("wrongInHalfPrecision")
    static var samples: [Sample] { [Sample(WrongInHalfPrecision(), matrix)] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = inputs.first
        try CPU.copy(x.dtype.itemSize == 2 ? CPU.dense(x, .int32) : x, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
}

/// A copy that gives float32 whatever comes in below float64.
struct WrongResultType: LinearOp {
    static let info = broken("wrongResultType")
    static var samples: [Sample] { [Sample(WrongResultType(), matrix)] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(inputs.first.sizes, inputs.first.dtype == .float64 ? .float64 : .float32)
    }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
}

/// A copy that says it takes floats alone, and takes anything.
struct TakesAnyType: LinearOp {
    static let info = broken("takesAnyType")
    static var samples: [Sample] { [Sample(TakesAnyType(), matrix)] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
}

/// A reversal that says it may write over what it still has to read.
struct WrongInPlace: LinearOp {
    static let info = broken("wrongInPlace")
    static let worksInPlace = true
    static var samples: [Sample] { [Sample(WrongInPlace(), .init([5]))] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = try CPU.dense(inputs.first, .float64)
        try CPU.writing(output, as: .float64) { target in
            let (p, y, n) = (x.elements(Double.self), target.elements(Double.self), target.numel)
            for i in 0..<n { y[i] = p[n - 1 - i] }
        }
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(self, Operands(cotangent))
    }
}

/// A square whose vectorised loop forgets what is left after the last full vector.
struct WrongKernel: UnaryPointwiseOp {
    static let info = broken("wrongKernel")
    static let kernel: UnaryKernel? = UnaryKernel(
        { x, y, n in for i in 0..<n { y![i] = i < n / 8 * 8 || n < 8 ? x![i] * x![i] : 0 } },
        { x, y, n in for i in 0..<n { y![i] = x![i] * x![i] } })
    static var samples: [Sample] { [Sample(WrongKernel(), matrix)] }
    func value<T: Real>(_ x: T) -> T { x * x }
    func derivative(_ saved: Saved) -> Tensor { saved[0] * 2 }
}

/// A copy that also clears its input, by a way around the door that no failure closes.
struct WritesAfterFailure: LinearOp {
    static let info = broken("writesAfterFailure")
    static var samples: [Sample] { [Sample(WritesAfterFailure(), matrix)] }
    func callAsFunction(_ inputs: [Tensor]) -> [Tensor] {
        if !inputs[0].isPoisoned { CPU.fill(inputs[0], .float(0)) }
        return [apply(self, Operands(inputs))]
    }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
}

/// A sum along the first dimension that forgets, under vmap, that the batch lies there.
struct WrongBatchingRule: LinearOp {
    static let info = broken("wrongBatchingRule")
    static var samples: [Sample] { [Sample(WrongBatchingRule(), .init([2, 2]))] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try Sum(Axes([0])).result(inputs)
    }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try Sum(Axes([0])).compute(inputs, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        cotangent.expand(saved.sizes(0).array)
    }
    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? { inputs[0].sum(dim: 0) }
}

/// The last size of a tensor, looked up before anyone asked whether there is one.
struct TrapsOnRank: ConstantOp {
    static let info = broken("trapsOnRank")
    static var samples: [Sample] { [Sample(TrapsOnRank(), matrix)] }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec([inputs.first.shape[inputs.first.ndim - 1]], inputs.first.dtype)
    }
    func compute(_ inputs: Operands, into output: Tensor) { CPU.fill(output, .float(1)) }
}

/// A product that looks at the second device only.
struct MixesDevices: LinearOp {
    static let info = broken("mixesDevices")
    static var samples: [Sample] { [Sample(MixesDevices(), matrix, matrix)] }
    func callAsFunction(_ inputs: [Tensor]) -> [Tensor] {
        [inputs[1].device == .meta ? inputs[1] : apply(self, Operands(inputs))]
    }
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.copy(inputs.first, into: output)
    }
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor { cotangent }
}
