import AdjointCore

/// A sample with its tensors made: what the sweeps work on.
struct Trial {
    let sample: Sample
    let sweep: Sweep
    let inputs: [Tensor]
    /// The inputs that can require gradients.
    let numbers: [Int]

    var op: any AnyOperator { sample.op }
    var info: OpInfo { type(of: sample.op).info }

    init(_ sample: Sample, _ sweep: Sweep) {
        self.sample = sample
        self.sweep = sweep
        let dtypes = type(of: sample.op).info.dtypes
        let dtype: DType =
            dtypes.contains(.float64) ? .float64 : dtypes.contains(.int64) ? .int64 : .bool
        inputs = sample.inputs.enumerated().map { $1.make(seed: 1 + $0, dtype: dtype) }
        numbers = sample.inputs.indices.filter {
            sample.inputs[$0].takesGradient && dtype.isFloatingPoint
        }
    }

    /// True where gradients are defined and there is something to differentiate by.
    var isSmooth: Bool {
        if case .smooth = type(of: op).differentiability { return !numbers.isEmpty }
        return false
    }

    /// True for an operation whose results are views of its input.
    var sharesMemory: Bool { op is any ViewOperator || op is any MultiViewOperator }

    func finding(_ message: String) -> Finding { Finding(sweep, sample, message) }

    /// The operation; what it draws at random is the same in each call.
    func run(_ inputs: [Tensor]) -> [Tensor] { withGenerator(seed: 11) { op(inputs) } }

    /// Reproducible numbers between -1 and 1, in the shape, dtype and place of `tensor`.
    func random(like tensor: Tensor, _ seed: Int) -> Tensor {
        Sample.Input(Dims(tensor.shape), .uniform(-1, 1)).make(seed: seed, dtype: tensor.dtype)
    }

    /// One weight tensor for each result that carries gradients.
    func cotangents(_ outputs: [Tensor], _ seed: Int = 100) -> [Tensor] {
        outputs.enumerated().map { random(like: $1, seed + $0) }
    }

    /// The inputs as leaves in the same memory, of which the `wanted` require gradients.
    func leaves(_ inputs: [Tensor], _ wanted: [Int]) -> [Tensor] {
        inputs.enumerated().map {
            wanted.contains($0) ? $1.detach().requiresGrad_() : $1.detach()
        }
    }

    /// The results that carry gradients.
    func smooth(_ outputs: [Tensor]) -> [Tensor] { outputs.filter(\.requiresGrad) }

    /// The gradients of `inputs` at `wanted`, for the weights that `cotangents` makes; zeros where
    /// a result does not depend on an input.
    func gradients(_ inputs: [Tensor], _ wanted: [Int], weigh: (([Tensor]) -> [Tensor])? = nil)
        -> [Tensor]
    {
        let leaves = leaves(inputs, wanted)
        let outputs = smooth(run(leaves))
        return pull(outputs, wanted.map { leaves[$0] }, (weigh ?? { cotangents($0) })(outputs))
    }

    func pull(_ outputs: [Tensor], _ leaves: [Tensor], _ weights: [Tensor], create: Bool = false)
        -> [Tensor]
    {
        // A gradient that is zero everywhere has no history, and is no root.
        let roots = zip(outputs, weights).filter { $0.0.requiresGrad }
        if roots.isEmpty { return leaves.map { Tensor.zerosLike($0) } }
        return grads(
            of: roots.map(\.0), wrt: leaves, gradients: roots.map(\.1), createGraph: create,
            unused: .zeros
        ).map { $0! }
    }

    /// The results that carry gradients, and their tangents, for the tangents of some inputs.
    func push(_ inputs: [Tensor], _ directions: [Int: Tensor]) -> [(
        value: Tensor, tangent: Tensor?
    )] {
        forwardMode { level in
            let duals = inputs.enumerated().map { i, input in
                directions[i].map { level.makeDual(input, tangent: $0) } ?? input
            }
            return run(duals).map { output in
                let (primal, tangent) = level.unpackDual(output)
                return (primal, tangent)
            }
        }
    }

    func directions(_ wanted: [Int], _ seed: Int = 200) -> [Int: Tensor] {
        var directions: [Int: Tensor] = [:]
        for i in wanted { directions[i] = change(i, seed + i) }
        return directions
    }

    /// A random change of input `i`, which leaves symmetric matrices symmetric.
    func change(_ i: Int, _ seed: Int) -> Tensor {
        let random = random(like: inputs[i], seed)
        return isSymmetric(i) ? (random + random.mT) * 0.5 : random
    }

    /// True where input `i` stands for a symmetric matrix.
    func isSymmetric(_ i: Int) -> Bool { i == 0 && type(of: op).readsSymmetric }
}

/// Σ aᵢ bᵢ over flat copies, and Σ |aᵢ bᵢ|, which round-off is measured by.
func inner(_ a: Tensor, _ b: Tensor) -> (value: Double, scale: Double) {
    var (value, scale) = (0.0, 0.0)
    for (p, q) in zip(a.array(as: Double.self), b.array(as: Double.self)) {
        value += p * q
        scale += (p * q).magnitude
    }
    return (value, scale)
}

func inner(_ a: [Tensor], _ b: [Tensor]) -> (value: Double, scale: Double) {
    zip(a, b).map { inner($0, $1) }.reduce((0, 0)) { ($0.0 + $1.value, $0.1 + $1.scale) }
}
