import AdjointCore
import AdjointNN

extension LayerTable {
    mutating func addNorms() {
        layer("BatchNorm1d") {
            BatchNorm1d(
                try $0.required("num_features"), eps: try $0.option("eps", or: 1e-5),
                momentum: try $0.number("momentum", or: 0.1),
                affine: try $0.option("affine", or: true),
                trackRunningStats: try $0.option("track_running_stats", or: true), dtype: .float64)
        }
        layer("InstanceNorm1d") {
            InstanceNorm1d(
                try $0.required("num_features"), eps: try $0.option("eps", or: 1e-5),
                momentum: try $0.number("momentum", or: 0.1),
                affine: try $0.option("affine", or: false),
                trackRunningStats: try $0.option("track_running_stats", or: false), dtype: .float64)
        }
        layer("BatchNorm2d") {
            BatchNorm2d(
                try $0.required("num_features"), eps: try $0.option("eps", or: 1e-5),
                momentum: try $0.number("momentum", or: 0.1),
                affine: try $0.option("affine", or: true),
                trackRunningStats: try $0.option("track_running_stats", or: true), dtype: .float64)
        }
        layer("InstanceNorm2d") {
            InstanceNorm2d(
                try $0.required("num_features"), eps: try $0.option("eps", or: 1e-5),
                momentum: try $0.number("momentum", or: 0.1),
                affine: try $0.option("affine", or: false),
                trackRunningStats: try $0.option("track_running_stats", or: false), dtype: .float64)
        }
        layer("BatchNorm3d") {
            BatchNorm3d(
                try $0.required("num_features"), eps: try $0.option("eps", or: 1e-5),
                momentum: try $0.number("momentum", or: 0.1),
                affine: try $0.option("affine", or: true),
                trackRunningStats: try $0.option("track_running_stats", or: true), dtype: .float64)
        }
        layer("InstanceNorm3d") {
            InstanceNorm3d(
                try $0.required("num_features"), eps: try $0.option("eps", or: 1e-5),
                momentum: try $0.number("momentum", or: 0.1),
                affine: try $0.option("affine", or: false),
                trackRunningStats: try $0.option("track_running_stats", or: false), dtype: .float64)
        }
        layer("LayerNorm") {
            LayerNorm(
                try $0.sizes("normalized_shape"), eps: try $0.option("eps", or: 1e-5),
                elementwiseAffine: try $0.option("elementwise_affine", or: true),
                bias: try $0.option("bias", or: true), dtype: .float64)
        }
        layer("RMSNorm") {
            RMSNorm(
                try $0.sizes("normalized_shape"), eps: try $0.double(nil, "eps"),
                elementwiseAffine: try $0.option("elementwise_affine", or: true), dtype: .float64)
        }
        layer("GroupNorm") {
            GroupNorm(
                try $0.required("num_groups"), try $0.required("num_channels"),
                eps: try $0.option("eps", or: 1e-5), affine: try $0.option("affine", or: true),
                dtype: .float64)
        }
        layer("LocalResponseNorm") {
            LocalResponseNorm(
                try $0.required("size"), alpha: try $0.option("alpha", or: 1e-4),
                beta: try $0.option("beta", or: 0.75), k: try $0.option("k", or: 1.0))
        }
    }

    mutating func addReshaping() {
        layer("Flatten") {
            Flatten(
                startDim: try $0.option("start_dim", or: 1),
                endDim: try $0.option("end_dim", or: -1))
        }
        layer("Unflatten") { Unflatten(try $0.required("dim"), try $0.sizes("unflattened_size")) }
        layer("PixelShuffle") { PixelShuffle(try $0.required("upscale_factor")) }
        layer("PixelUnshuffle") { PixelUnshuffle(try $0.required("downscale_factor")) }
        layer("ChannelShuffle") { ChannelShuffle(try $0.required("groups")) }
        layer("Unfold") {
            Unfold(
                try $0.sizes("kernel_size"), dilation: try $0.sizes("dilation", or: 1),
                padding: try $0.sizes("padding", or: 0), stride: try $0.sizes("stride", or: 1))
        }
        layer("Fold") {
            Fold(
                try $0.sizes("output_size"), try $0.sizes("kernel_size"),
                dilation: try $0.sizes("dilation", or: 1), padding: try $0.sizes("padding", or: 0),
                stride: try $0.sizes("stride", or: 1))
        }
        layer("Upsample") {
            let mode: InterpolationMode = try $0.word(
                "mode", or: "nearest",
                [
                    "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear,
                    "bilinear": .bilinear, "trilinear": .trilinear, "bicubic": .bicubic,
                    "area": .area,
                ])
            return Upsample(
                size: try $0.ints(nil, "size"), scaleFactor: try $0.scales(), mode: mode,
                alignCorners: try $0.truth("align_corners"),
                recomputeScaleFactor: try $0.truth("recompute_scale_factor"))
        }
        layer("UpsamplingNearest2d") {
            UpsamplingNearest2d(size: try $0.ints(nil, "size"), scaleFactor: try $0.scales())
        }
        layer("UpsamplingBilinear2d") {
            UpsamplingBilinear2d(size: try $0.ints(nil, "size"), scaleFactor: try $0.scales())
        }
        layer("ZeroPad1d") { ZeroPad1d(try $0.sizes("padding")) }
        layer("ReflectionPad1d") { ReflectionPad1d(try $0.sizes("padding")) }
        layer("ReplicationPad1d") { ReplicationPad1d(try $0.sizes("padding")) }
        layer("CircularPad1d") { CircularPad1d(try $0.sizes("padding")) }
        layer("ConstantPad1d") {
            ConstantPad1d(try $0.sizes("padding"), try $0.option("value", or: 0.0))
        }
        layer("ZeroPad2d") { ZeroPad2d(try $0.sizes("padding")) }
        layer("ReflectionPad2d") { ReflectionPad2d(try $0.sizes("padding")) }
        layer("ReplicationPad2d") { ReplicationPad2d(try $0.sizes("padding")) }
        layer("CircularPad2d") { CircularPad2d(try $0.sizes("padding")) }
        layer("ConstantPad2d") {
            ConstantPad2d(try $0.sizes("padding"), try $0.option("value", or: 0.0))
        }
        layer("ZeroPad3d") { ZeroPad3d(try $0.sizes("padding")) }
        layer("ReflectionPad3d") { ReflectionPad3d(try $0.sizes("padding")) }
        layer("ReplicationPad3d") { ReplicationPad3d(try $0.sizes("padding")) }
        layer("CircularPad3d") { CircularPad3d(try $0.sizes("padding")) }
        layer("ConstantPad3d") {
            ConstantPad3d(try $0.sizes("padding"), try $0.option("value", or: 0.0))
        }
    }
}

extension Arguments {
    fileprivate func scales() throws -> [Double]? {
        guard case .list(let list)? = argument(nil, "scale_factor") else {
            return try double(nil, "scale_factor").map { [$0] }
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
    fileprivate func truth(_ name: String) throws -> Bool? {
        switch argument(nil, name) {
        case nil, .null: nil
        default: try bool(nil, name)
        }
    }
}
