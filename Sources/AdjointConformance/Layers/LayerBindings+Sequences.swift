import AdjointCore
import AdjointNN

extension LayerTable {
    /// Recurrent layers, attention and transformers.
    mutating func addSequences() {
        add("RNN") {
            let layer = RNN(
                try $0.required("input_size"), try $0.required("hidden_size"),
                numLayers: try $0.option("num_layers", or: 1),
                nonlinearity: try $0.nonlinearity(), bias: try $0.option("bias", or: true),
                batchFirst: try $0.option("batch_first", or: false),
                dropout: try $0.option("dropout", or: 0.0),
                bidirectional: try $0.option("bidirectional", or: false), dtype: .float64)
            return ReplayedLayer.states(layer, 1) { inputs in
                let (output, h) = layer(inputs[0], inputs.count > 1 ? inputs[1] : nil)
                return [output, h]
            }
        }
        add("GRU") {
            let layer = GRU(
                try $0.required("input_size"), try $0.required("hidden_size"),
                numLayers: try $0.option("num_layers", or: 1),
                bias: try $0.option("bias", or: true),
                batchFirst: try $0.option("batch_first", or: false),
                dropout: try $0.option("dropout", or: 0.0),
                bidirectional: try $0.option("bidirectional", or: false), dtype: .float64)
            return ReplayedLayer.states(layer, 1) { inputs in
                let (output, h) = layer(inputs[0], inputs.count > 1 ? inputs[1] : nil)
                return [output, h]
            }
        }
        add("LSTM") {
            let layer = LSTM(
                try $0.required("input_size"), try $0.required("hidden_size"),
                numLayers: try $0.option("num_layers", or: 1),
                bias: try $0.option("bias", or: true),
                batchFirst: try $0.option("batch_first", or: false),
                dropout: try $0.option("dropout", or: 0.0),
                bidirectional: try $0.option("bidirectional", or: false),
                projSize: try $0.option("proj_size", or: 0), dtype: .float64)
            return ReplayedLayer.states(layer, 2) { inputs in
                let (output, (h, c)) = layer(
                    inputs[0], inputs.count > 2 ? (inputs[1], inputs[2]) : nil)
                return [output, h, c]
            }
        }
        add("RNNCell") {
            let layer = RNNCell(
                try $0.required("input_size"), try $0.required("hidden_size"),
                bias: try $0.option("bias", or: true), nonlinearity: try $0.nonlinearity(),
                dtype: .float64)
            return ReplayedLayer.states(layer, 1) { [layer($0[0], $0.count > 1 ? $0[1] : nil)] }
        }
        add("GRUCell") {
            let layer = GRUCell(
                try $0.required("input_size"), try $0.required("hidden_size"),
                bias: try $0.option("bias", or: true), dtype: .float64)
            return ReplayedLayer.states(layer, 1) { [layer($0[0], $0.count > 1 ? $0[1] : nil)] }
        }
        add("LSTMCell") {
            let layer = LSTMCell(
                try $0.required("input_size"), try $0.required("hidden_size"),
                bias: try $0.option("bias", or: true), dtype: .float64)
            return ReplayedLayer.states(layer, 2) { inputs in
                let (h, c) = layer(inputs[0], inputs.count > 2 ? (inputs[1], inputs[2]) : nil)
                return [h, c]
            }
        }
        add("MultiheadAttention") { try ReplayedLayer.attention($0) }
        addTransformers()
    }

    private mutating func addTransformers() {
        layer("TransformerEncoderLayer") { try $0.encoderLayer() }
        add("TransformerDecoderLayer") {
            let layer = try $0.decoderLayer()
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
        add("Transformer") {
            let layer = Transformer(
                dModel: try $0.option("d_model", or: 512), nhead: try $0.option("nhead", or: 8),
                numEncoderLayers: try $0.option("num_encoder_layers", or: 6),
                numDecoderLayers: try $0.option("num_decoder_layers", or: 6),
                dimFeedforward: try $0.option("dim_feedforward", or: 2048),
                dropout: try $0.option("dropout", or: 0.1),
                activation: try $0.activation(),
                layerNormEps: try $0.option("layer_norm_eps", or: 1e-5),
                batchFirst: try $0.option("batch_first", or: false),
                normFirst: try $0.option("norm_first", or: false),
                bias: try $0.option("bias", or: true), dtype: .float64)
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
    }
}

extension ReplayedLayer {
    /// A recurrent module, given its states after the input ("state") or none of them.
    fileprivate static func states(
        _ module: any Module, _ count: Int, _ call: @escaping ([Tensor]) -> [Tensor]
    ) -> ReplayedLayer {
        ReplayedLayer(module) { inputs, way in
            guard way == nil || way == "state", [1, 1 + count].contains(inputs.count) else {
                throw Mismatch("the layer takes an input, and \(count) states or none")
            }
            return call(inputs)
        }
    }

    fileprivate static func attention(_ options: Arguments) throws -> ReplayedLayer {
        let layer = MultiheadAttention(
            try options.required("embed_dim"), try options.required("num_heads"),
            dropout: try options.option("dropout", or: 0.0),
            bias: try options.option("bias", or: true),
            addBiasKV: try options.option("add_bias_kv", or: false),
            addZeroAttn: try options.option("add_zero_attn", or: false),
            kdim: try options.int(nil, "kdim"), vdim: try options.int(nil, "vdim"),
            batchFirst: try options.option("batch_first", or: false), dtype: .float64)
        return ReplayedLayer(layer) { inputs, way in
            switch (way, inputs.count) {
            case ("self-attention", 1):
                let (output, weights) = layer(inputs[0], inputs[0], inputs[0])
                return [output, weights].compactMap { $0 }
            case ("causal self-attention", 1):
                let x = inputs[0]
                return [layer(x, x, x, needWeights: false, isCausal: true).output]
            case (nil, 3):
                let (output, weights) = layer(inputs[0], inputs[1], inputs[2])
                return [output, weights].compactMap { $0 }
            default:
                throw Mismatch(
                    "attention is not called with \(inputs.count) inputs as '\(way ?? "")'")
            }
        }
    }
}

extension Arguments {
    fileprivate func nonlinearity() throws -> Nonlinearity {
        try word("nonlinearity", or: "tanh", ["tanh": .tanh, "relu": .relu])
    }

    fileprivate func activation() throws -> TransformerActivation {
        try word("activation", or: "relu", ["relu": .relu, "gelu": .gelu])
    }

    fileprivate func encoderLayer() throws -> TransformerEncoderLayer {
        TransformerEncoderLayer(
            try required("d_model"), try required("nhead"),
            dimFeedforward: try option("dim_feedforward", or: 2048),
            dropout: try option("dropout", or: 0.1), activation: try activation(),
            layerNormEps: try option("layer_norm_eps", or: 1e-5),
            batchFirst: try option("batch_first", or: false),
            normFirst: try option("norm_first", or: false),
            bias: try option("bias", or: true), dtype: .float64)
    }

    fileprivate func decoderLayer() throws -> TransformerDecoderLayer {
        TransformerDecoderLayer(
            try required("d_model"), try required("nhead"),
            dimFeedforward: try option("dim_feedforward", or: 2048),
            dropout: try option("dropout", or: 0.1), activation: try activation(),
            layerNormEps: try option("layer_norm_eps", or: 1e-5),
            batchFirst: try option("batch_first", or: false),
            normFirst: try option("norm_first", or: false),
            bias: try option("bias", or: true), dtype: .float64)
    }
}
