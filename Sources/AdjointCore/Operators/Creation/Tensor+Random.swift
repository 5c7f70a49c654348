extension Tensor {
    /// Numbers uniform in [0, 1), from the current generator (see `manualSeed`, `withGenerator`).
    ///
    /// - Errors: `.dtype` for integers and booleans, `.device` for a device that is not there.
    public static func rand(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        drawn("rand", .uniform(0, 1), shape, dtype, device, requiresGrad)
    }
    /// Numbers uniform in [0, 1), of the shape `rand(2, 3)`. Same as `torch.rand`.
    public static func rand(
        _ shape: Int..., dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        rand(shape, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }

    /// Numbers of the standard normal distribution, from the current generator.
    ///
    /// - Errors: `.dtype` for integers and booleans, `.device` for a device that is not there.
    public static func randn(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        drawn("randn", .normal(mean: 0, std: 1), shape, dtype, device, requiresGrad)
    }
    /// Numbers of the standard normal distribution, of the shape `randn(2, 3)`. Same as
    /// `torch.randn`.
    public static func randn(
        _ shape: Int..., dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        randn(shape, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }

    /// Numbers of the normal distribution with this mean and standard deviation.
    ///
    /// - Errors: `.argument` for a negative standard deviation, `.dtype` for integers and booleans.
    public static func normal(
        mean: Double = 0, std: Double = 1, _ shape: [Int], dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        drawn("normal", .normal(mean: mean, std: std), shape, dtype, device, requiresGrad)
    }
    /// Numbers of the normal distribution, of the shape `normal(mean: 0, std: 2, 2, 3)`.
    public static func normal(
        mean: Double = 0, std: Double = 1, _ shape: Int..., dtype: DType = .float32,
        device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        normal(
            mean: mean, std: std, shape, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }

    /// Ones with the given probability, else zeros.
    ///
    /// - Errors: `.argument` for a probability outside 0...1.
    public static func bernoulli(
        _ probability: Double, _ shape: [Int], dtype: DType = .float32, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        drawn("bernoulli", .bernoulli(probability), shape, dtype, device, requiresGrad)
    }
    /// Ones with the given probability, else zeros, of the shape `bernoulli(0.5, 2, 3)`.
    public static func bernoulli(
        _ probability: Double, _ shape: Int..., dtype: DType = .float32, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        bernoulli(probability, shape, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }

    /// Whole numbers from `low` up to, and without, `high`, each equally likely.
    ///
    /// - Errors: `.argument` unless `low` is below `high`.
    public static func randint(
        _ low: Int, _ high: Int, _ shape: [Int], dtype: DType = .int64, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        drawn("randint", .integers(low, high), shape, dtype, device, requiresGrad)
    }
    /// Whole numbers of `low..<high`, of the shape `randint(0, 10, 2, 3)`. Same as `torch.randint`.
    public static func randint(
        _ low: Int, _ high: Int, _ shape: Int..., dtype: DType = .int64, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        randint(low, high, shape, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }
    /// Whole numbers from 0 up to, and without, `high`.
    public static func randint(
        _ high: Int, _ shape: [Int], dtype: DType = .int64, device: Device = .cpu
    ) -> Tensor {
        randint(0, high, shape, dtype: dtype, device: device)
    }

    /// A permutation of 0 ..< `count`, each equally likely, int64.
    ///
    /// - Errors: `.argument` for a negative count.
    public static func randperm(_ count: Int, dtype: DType = .int64, device: Device = .cpu)
        -> Tensor
    {
        if let level = Mode.current.vmap {
            return level.draw("randperm") { lead in
                let samples = lead.first ?? 1
                do throws(TensorError) { try checkPieces(samples) } catch {
                    return Failure.poison(Door.named(error, "randperm"), like: [], dtype)
                }
                let rows = (0..<samples).map { _ in
                    randperm(count, dtype: dtype, device: device)
                }
                return lead.isEmpty ? rows[0] : Tensor.stack(rows)
            }
        }
        return made("randperm", [count], dtype, device, false) { (tensor) throws(TensorError) in
            let order = Generator.current.permutation(count).map(Int64.init)
            if order.count != count { return }
            try CPU.writing(tensor, as: .int64) { target in
                target.elements(Int64.self).update(from: order, count: count)
            }
        }
    }

    /// Numbers uniform in [0, 1), in the shape, dtype and on the device of `t`.
    public static func randLike(_ t: Tensor, requiresGrad: Bool = false) -> Tensor {
        rand(t.shape, dtype: t.dtype, device: t.device, requiresGrad: requiresGrad)
    }
    /// Standard normal numbers in the shape, dtype and on the device of `t`.
    public static func randnLike(_ t: Tensor, requiresGrad: Bool = false) -> Tensor {
        randn(t.shape, dtype: t.dtype, device: t.device, requiresGrad: requiresGrad)
    }

    private static func drawn(
        _ operation: String, _ distribution: Distribution, _ shape: [Int], _ dtype: DType,
        _ device: Device, _ requiresGrad: Bool
    ) -> Tensor {
        if let error = distribution.error(dtype) {
            return Failure.poison(
                TensorError(error.kind, error.message, operation: operation),
                like: Dims(shape), dtype)
        }
        if let level = Mode.current.vmap {
            let numbers = level.draw(operation) {
                drawn(operation, distribution, $0 + shape, dtype, device, false)
            }
            return requiresGrad ? numbers.requiresGrad_() : numbers
        }
        return made(operation, shape, dtype, device, requiresGrad) { (tensor) throws(TensorError) in
            try CPU.draw(distribution, Generator.current.advance(tensor.numel), into: tensor)
        }
    }
}

extension Distribution {
    /// What is wrong with the parameters, or with the dtype that should hold the numbers.
    func error(_ dtype: DType) -> TensorError? {
        switch self {
        case .uniform(let low, let high):
            if !dtype.isFloatingPoint { return TensorError(.dtype, "no uniform \(dtype) numbers") }
            if !(low <= high) || !(high - low).isFinite {
                return TensorError(
                    .argument, "the bounds must be finite and in order: \(low) to \(high)")
            }
        case .normal(_, let std):
            if !dtype.isFloatingPoint { return TensorError(.dtype, "no normal \(dtype) numbers") }
            if !(std >= 0) {
                return TensorError(.argument, "the standard deviation \(std) must not be negative")
            }
        case .bernoulli(let p):
            if !(p >= 0 && p <= 1) {
                return TensorError(.argument, "the probability \(p) must lie in 0...1")
            }
        case .integers(let low, let high):
            if low >= high {
                return TensorError(.argument, "low \(low) must be below high \(high)")
            }
        }
        return nil
    }
}
