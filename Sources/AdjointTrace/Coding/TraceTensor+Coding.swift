extension TraceTensor {
    var json: [UInt8] {
        var line = JSONLine("tensor")
        line.put("id", id)
        line.put("storage", storage)
        line.put("viewOf", viewOf)
        line.put("name", name)
        line.put("role", role?.rawValue)
        line.put("shape", shape)
        if let strides { line.put("strides", strides) }
        line.put("dtype", dtype)
        line.put("device", device)
        line.put("bytes", bytes)
        line.put("requiresGrad", requiresGrad)
        line.put("leaf", leaf)
        line.put("retainsGrad", retainsGrad)
        line.put("version", version)
        if let producer { line.put("producer", [producer.node, producer.output]) }
        line.put("value", value)
        line.put("src", src)
        return line.finished()
    }

    init(_ fields: JSONFields) throws(JSONFields.Failure) {
        guard let shape = try fields.integers("shape") else {
            throw JSONFields.Failure(problem: "shape is missing")
        }
        if shape.contains(where: { $0 < 0 }) {
            throw JSONFields.Failure(problem: "shape is negative")
        }
        var producer: Producer?
        if let pair = try fields.integers("producer") {
            guard pair.count == 2, pair[0] >= 0 else {
                throw JSONFields.Failure(problem: "producer is no [node, output]")
            }
            producer = Producer(node: pair[0], output: pair[1])
        }
        self.init(
            id: try fields.needID("id"), storage: try fields.id("storage"),
            viewOf: try fields.id("viewOf"), name: try fields.string("name"),
            role: try fields.word("role", Role.self), shape: shape,
            strides: try fields.integers("strides"), dtype: try fields.needString("dtype"),
            device: try fields.string("device"), bytes: try fields.integer("bytes"),
            requiresGrad: try fields.needBool("requiresGrad"), leaf: try fields.needBool("leaf"),
            retainsGrad: try fields.bool("retainsGrad"), version: try fields.integer("version"),
            producer: producer, value: try fields.value("value"), src: try fields.source())
    }
}
