import AdjointCore
import AdjointNN

extension LayerTable {
    mutating func addConvolutions() {
        layer("Conv1d") {
            Conv1d(
                try $0.required("in_channels"), try $0.required("out_channels"),
                kernelSize: try $0.sizes("kernel_size"),
                stride: try $0.sizes("stride", or: 1), padding: try $0.convolutionPadding(),
                dilation: try $0.sizes("dilation", or: 1),
                groups: try $0.option("groups", or: 1), bias: try $0.option("bias", or: true),
                paddingMode: try $0.paddingMode(), dtype: .float64)
        }
        layer("ConvTranspose1d") {
            ConvTranspose1d(
                try $0.required("in_channels"), try $0.required("out_channels"),
                kernelSize: try $0.sizes("kernel_size"),
                stride: try $0.sizes("stride", or: 1), padding: try $0.sizes("padding", or: 0),
                outputPadding: try $0.sizes("output_padding", or: 0),
                groups: try $0.option("groups", or: 1), bias: try $0.option("bias", or: true),
                dilation: try $0.sizes("dilation", or: 1), dtype: .float64)
        }
        layer("Conv2d") {
            Conv2d(
                try $0.required("in_channels"), try $0.required("out_channels"),
                kernelSize: try $0.sizes("kernel_size"),
                stride: try $0.sizes("stride", or: 1), padding: try $0.convolutionPadding(),
                dilation: try $0.sizes("dilation", or: 1),
                groups: try $0.option("groups", or: 1), bias: try $0.option("bias", or: true),
                paddingMode: try $0.paddingMode(), dtype: .float64)
        }
        layer("ConvTranspose2d") {
            ConvTranspose2d(
                try $0.required("in_channels"), try $0.required("out_channels"),
                kernelSize: try $0.sizes("kernel_size"),
                stride: try $0.sizes("stride", or: 1), padding: try $0.sizes("padding", or: 0),
                outputPadding: try $0.sizes("output_padding", or: 0),
                groups: try $0.option("groups", or: 1), bias: try $0.option("bias", or: true),
                dilation: try $0.sizes("dilation", or: 1), dtype: .float64)
        }
        layer("Conv3d") {
            Conv3d(
                try $0.required("in_channels"), try $0.required("out_channels"),
                kernelSize: try $0.sizes("kernel_size"),
                stride: try $0.sizes("stride", or: 1), padding: try $0.convolutionPadding(),
                dilation: try $0.sizes("dilation", or: 1),
                groups: try $0.option("groups", or: 1), bias: try $0.option("bias", or: true),
                paddingMode: try $0.paddingMode(), dtype: .float64)
        }
        layer("ConvTranspose3d") {
            ConvTranspose3d(
                try $0.required("in_channels"), try $0.required("out_channels"),
                kernelSize: try $0.sizes("kernel_size"),
                stride: try $0.sizes("stride", or: 1), padding: try $0.sizes("padding", or: 0),
                outputPadding: try $0.sizes("output_padding", or: 0),
                groups: try $0.option("groups", or: 1), bias: try $0.option("bias", or: true),
                dilation: try $0.sizes("dilation", or: 1), dtype: .float64)
        }
    }

    mutating func addPools() {
        add("MaxPool1d") {
            let layer = MaxPool1d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0),
                dilation: try $0.sizes("dilation", or: 1),
                ceilMode: try $0.option("ceil_mode", or: false))
            return ReplayedLayer.pool(
                layer, withIndices: try $0.option("return_indices", or: false), layer.withIndices)
        }
        layer("AvgPool1d") {
            AvgPool1d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0),
                ceilMode: try $0.option("ceil_mode", or: false),
                countIncludePad: try $0.option("count_include_pad", or: true))
        }
        layer("LPPool1d") {
            LPPool1d(
                try $0.option("norm_type", or: 2.0), try $0.sizes("kernel_size"),
                stride: try $0.ints(nil, "stride"), ceilMode: try $0.option("ceil_mode", or: false))
        }
        layer("AdaptiveAvgPool1d") { AdaptiveAvgPool1d(try $0.outputSizes()) }
        add("AdaptiveMaxPool1d") {
            let layer = AdaptiveMaxPool1d(try $0.outputSizes())
            return ReplayedLayer.pool(
                layer, withIndices: try $0.option("return_indices", or: false), layer.withIndices)
        }
        add("MaxUnpool1d") {
            let layer = MaxUnpool1d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0))
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
        add("MaxPool2d") {
            let layer = MaxPool2d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0),
                dilation: try $0.sizes("dilation", or: 1),
                ceilMode: try $0.option("ceil_mode", or: false))
            return ReplayedLayer.pool(
                layer, withIndices: try $0.option("return_indices", or: false), layer.withIndices)
        }
        layer("AvgPool2d") {
            AvgPool2d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0),
                ceilMode: try $0.option("ceil_mode", or: false),
                countIncludePad: try $0.option("count_include_pad", or: true),
                divisorOverride: try $0.int(nil, "divisor_override"))
        }
        layer("LPPool2d") {
            LPPool2d(
                try $0.option("norm_type", or: 2.0), try $0.sizes("kernel_size"),
                stride: try $0.ints(nil, "stride"), ceilMode: try $0.option("ceil_mode", or: false))
        }
        layer("AdaptiveAvgPool2d") { AdaptiveAvgPool2d(try $0.outputSizes()) }
        add("AdaptiveMaxPool2d") {
            let layer = AdaptiveMaxPool2d(try $0.outputSizes())
            return ReplayedLayer.pool(
                layer, withIndices: try $0.option("return_indices", or: false), layer.withIndices)
        }
        add("MaxUnpool2d") {
            let layer = MaxUnpool2d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0))
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
        add("MaxPool3d") {
            let layer = MaxPool3d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0),
                dilation: try $0.sizes("dilation", or: 1),
                ceilMode: try $0.option("ceil_mode", or: false))
            return ReplayedLayer.pool(
                layer, withIndices: try $0.option("return_indices", or: false), layer.withIndices)
        }
        layer("AvgPool3d") {
            AvgPool3d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0),
                ceilMode: try $0.option("ceil_mode", or: false),
                countIncludePad: try $0.option("count_include_pad", or: true),
                divisorOverride: try $0.int(nil, "divisor_override"))
        }
        layer("LPPool3d") {
            LPPool3d(
                try $0.option("norm_type", or: 2.0), try $0.sizes("kernel_size"),
                stride: try $0.ints(nil, "stride"), ceilMode: try $0.option("ceil_mode", or: false))
        }
        layer("AdaptiveAvgPool3d") { AdaptiveAvgPool3d(try $0.outputSizes()) }
        add("AdaptiveMaxPool3d") {
            let layer = AdaptiveMaxPool3d(try $0.outputSizes())
            return ReplayedLayer.pool(
                layer, withIndices: try $0.option("return_indices", or: false), layer.withIndices)
        }
        add("MaxUnpool3d") {
            let layer = MaxUnpool3d(
                try $0.sizes("kernel_size"), stride: try $0.ints(nil, "stride"),
                padding: try $0.sizes("padding", or: 0))
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
    }
}

extension ReplayedLayer {
    /// A pool that gives positions too where the option asks for them.
    fileprivate static func pool(
        _ layer: some Layer, withIndices: Bool,
        _ pool: @escaping (Tensor) -> (values: Tensor, indices: Tensor)
    ) -> ReplayedLayer {
        guard withIndices else { return ReplayedLayer(layer) }
        return ReplayedLayer(layer) { inputs, way in
            guard way == nil, inputs.count == 1 else { throw Mismatch("the layer takes 1 input") }
            let (values, indices) = pool(inputs[0])
            return [values, indices]
        }
    }
}

extension Arguments {
    /// Zeros, or the words "same" and "valid".
    fileprivate func convolutionPadding() throws -> Padding {
        if case .text(let word)? = argument(nil, "padding") {
            if word == "same" { return .same }
            if word == "valid" { return .valid }
            throw Mismatch("there is no padding '\(word)'")
        }
        return .zeros(try sizes("padding", or: 0))
    }

    fileprivate func paddingMode() throws -> PaddingMode {
        try word(
            "padding_mode", or: "zeros",
            ["zeros": .zeros, "reflect": .reflect, "replicate": .replicate, "circular": .circular])
    }
}
