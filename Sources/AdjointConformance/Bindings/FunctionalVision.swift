import AdjointCore

extension Calls {
    mutating func addNormalization() {
        functional("batch_norm") {
            [
                batchNorm(
                    try $0.tensor(0), runningMean: try $0.optionalTensor(1, "running_mean"),
                    runningVar: try $0.optionalTensor(2, "running_var"),
                    weight: try $0.optionalTensor(3, "weight"),
                    bias: try $0.optionalTensor(4, "bias"), training: try $0.bool(5, "training"),
                    momentum: try $0.double(6, "momentum", or: 0.1),
                    eps: try $0.double(7, "eps", or: 1e-5))
            ]
        }
        functional("instance_norm") {
            [
                instanceNorm(
                    try $0.tensor(0), runningMean: try $0.optionalTensor(1, "running_mean"),
                    runningVar: try $0.optionalTensor(2, "running_var"),
                    weight: try $0.optionalTensor(3, "weight"),
                    bias: try $0.optionalTensor(4, "bias"),
                    useInputStats: try $0.bool(5, "use_input_stats", or: true),
                    momentum: try $0.double(6, "momentum", or: 0.1),
                    eps: try $0.double(7, "eps", or: 1e-5))
            ]
        }
        functional("group_norm") {
            [
                groupNorm(
                    try $0.tensor(0), try $0.int(1, "num_groups", or: 1),
                    weight: try $0.optionalTensor(2, "weight"),
                    bias: try $0.optionalTensor(3, "bias"), eps: try $0.double(4, "eps", or: 1e-5))
            ]
        }
        functional("layer_norm") {
            [
                layerNorm(
                    try $0.tensor(0), try $0.ints(1, "normalized_shape") ?? [],
                    weight: try $0.optionalTensor(2, "weight"),
                    bias: try $0.optionalTensor(3, "bias"), eps: try $0.double(4, "eps", or: 1e-5))
            ]
        }
        functional("rms_norm") {
            [
                rmsNorm(
                    try $0.tensor(0), try $0.ints(1, "normalized_shape") ?? [],
                    weight: try $0.optionalTensor(2, "weight"), eps: try $0.double(3, "eps"))
            ]
        }
        functional("local_response_norm") {
            [
                localResponseNorm(
                    try $0.tensor(0), size: try $0.int(1, "size", or: 1),
                    alpha: try $0.double(2, "alpha", or: 1e-4),
                    beta: try $0.double(3, "beta", or: 0.75), k: try $0.double(4, "k", or: 1))
            ]
        }
        functional("normalize") {
            [
                normalize(
                    try $0.tensor(0), p: try $0.double(1, "p", or: 2),
                    dim: try $0.ints(2, "dim") ?? [1], eps: try $0.double(3, "eps", or: 1e-12))
            ]
        }
    }

    /// Padding, interpolation and shuffles.
    mutating func addVision() {
        functional("pad") {
            let names: [String: PaddingMode] = [
                "constant": .constant, "reflect": .reflect, "replicate": .replicate,
                "circular": .circular,
            ]
            let name = try $0.text(2, "mode") ?? "constant"
            guard let mode = names[name] else { throw Mismatch("there is no mode '\(name)'") }
            let counts = try $0.ints(1, "pad") ?? []
            return [
                pad(
                    try $0.tensor(0), counts, mode: mode, value: try $0.double(3, "value", or: 0))
            ]
        }
        functional("interpolate") {
            let names: [String: InterpolationMode] = [
                "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear,
                "bilinear": .bilinear, "trilinear": .trilinear, "bicubic": .bicubic, "area": .area,
            ]
            let name = try $0.text(3, "mode") ?? "nearest"
            guard let mode = names[name] else { throw Mismatch("there is no mode '\(name)'") }
            return [
                interpolate(
                    try $0.tensor(0), size: try $0.ints(1, "size"),
                    scaleFactor: try $0.scales(2), mode: mode,
                    alignCorners: try $0.optionalBool(4, "align_corners"),
                    recomputeScaleFactor: try $0.optionalBool(5, "recompute_scale_factor"),
                    antialias: try $0.bool(6, "antialias"))
            ]
        }
        functional("upsample_bilinear") {
            [
                upsampleBilinear(
                    try $0.tensor(0), size: try $0.ints(1, "size"), scaleFactor: try $0.scales(2))
            ]
        }
        functional("upsample_nearest") {
            [
                upsampleNearest(
                    try $0.tensor(0), size: try $0.ints(1, "size"), scaleFactor: try $0.scales(2))
            ]
        }
        functional("pixel_shuffle") {
            [pixelShuffle(try $0.tensor(0), try $0.int(1, "upscale_factor", or: 1))]
        }
        functional("pixel_unshuffle") {
            [pixelUnshuffle(try $0.tensor(0), try $0.int(1, "downscale_factor", or: 1))]
        }
        functional("channel_shuffle") {
            [channelShuffle(try $0.tensor(0), try $0.int(1, "groups", or: 1))]
        }
    }
}

extension Arguments {
    fileprivate func scales(_ position: Int) throws -> [Double]? {
        guard case .list(let list)? = argument(position, "scale_factor") else {
            return try double(position, "scale_factor").map { [$0] }
        }
        return try list.map {
            switch $0 {
            case .float(let value): return value
            case .int(let value): return Double(value)
            default: throw Mismatch("'scale_factor' holds numbers, not \($0)")
            }
        }
    }

    /// A truth value, or nil for None.
    fileprivate func optionalBool(_ position: Int, _ keyword: String) throws -> Bool? {
        switch argument(position, keyword) {
        case nil, .null: nil
        default: try bool(position, keyword)
        }
    }
}
