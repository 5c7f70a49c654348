import Adjoint
public import AdjointExamples
import Foundation

/// A request to the prediction server, with what must come back.
public struct PlannedRequest: Sendable {
    /// The request as it is sent.
    public let bytes: [UInt8]
    private let name: String
    private let status: Int
    /// What the reason of a refusal must say.
    private let words: String
    /// What the model says of the request's own input, where it is a good one.
    private let values: [Float]

    /// What is wrong with the answer; nil where it is right.
    public func fault(in answer: LoadConnection.Answer) -> String? {
        guard answer.status == status else {
            return "\(name): \(answer.status) instead of \(status): \(answer.body)"
        }
        let object = try? JSONSerialization.jsonObject(with: Data(answer.body.utf8))
        guard let object = object as? [String: Any] else {
            return "\(name): no JSON: \(answer.body)"
        }
        if status == 200 {
            let numbers = (object["values"] as? [Double] ?? []).map(Float.init)
            return numbers == values ? nil : "\(name): \(numbers) instead of \(values)"
        }
        let reason = object["error"] as? String ?? ""
        let isLine = !reason.isEmpty && !reason.contains("\n")
        return isLine && reason.contains(words)
            ? nil : "\(name): the reason is '\(reason)', without '\(words)'"
    }

    private init(
        _ name: String, _ method: String = "POST", _ path: String = "/predict", body: String,
        status: Int, words: String = "", values: [Float] = []
    ) {
        (self.name, self.status, self.words, self.values) = (name, status, words, values)
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
        bytes = Array((head + body).utf8)
    }

    /// `count` requests, two good ones and a bad one in turn. Each good one has images of its own;
    /// what `model` says of them is asked for here, once.
    public static func mixture(_ count: Int, for model: DigitNet) -> [PlannedRequest] {
        let pixels = DigitImages.load().pixels
        model.eval()
        let bad = refused
        return (0..<count).map { i in
            if i % 3 == 2 { return bad[i / 3 % bad.count] }
            let images = 1 + i % 2
            let start = i * 64 % (pixels.count - 128)
            // Fractions, so that the numbers take their full width in the text.
            let input = pixels[start..<(start + images * 64)].map { $0 / 16 + Float(i) / 1024 }
            let output = inferenceMode { model(Tensor(Array(input), shape: [images, 1, 8, 8])) }
            let text = input.map { "\($0)" }.joined(separator: ",")
            return PlannedRequest(
                "images from \(start)",
                body: #"{"values": [\#(text)], "shape": [\#(images), 1, 8, 8]}"#,
                status: 200, values: output.array())
        }
    }

    /// One request of each kind that must be refused.
    public static var refused: [PlannedRequest] {
        let image = [String](repeating: "1", count: 64).joined(separator: ",")
        func bad(_ name: String, _ body: String, _ words: String) -> PlannedRequest {
            PlannedRequest(name, body: body, status: 400, words: words)
        }
        return [
            bad(
                "a wrong shape", #"{"values": [\#(image)], "shape": [1, 2, 8, 4]}"#, "convolution: "
            ),
            bad("a wrong rank", #"{"values": [\#(image)]}"#, "conv2d: "),
            bad(
                "a wrong dtype",
                #"{"values": [\#(image)], "shape": [1, 1, 8, 8], "dtype": "int64"}"#,
                "convolution: "),
            bad("a shape for others", #"{"values": [1, 2, 3], "shape": [2, 2]}"#, "shape"),
            bad(
                "sizes that overflow",
                #"{"values": [1], "shape": [4294967296, 4294967296, 4294967296, 8]}"#,
                "does not hold"),
            bad("a negative size", #"{"values": [1], "shape": [-1, -1]}"#, "does not hold"),
            bad("a size beyond counting", #"{"values": [1], "shape": [1e30]}"#, "no size"),
            bad(
                "a size of nothing", #"{"values": [1], "shape": [0, 1, 8, 8]}"#, "does not hold"),
            bad("NaN", #"{"values": [NaN]}"#, "a number"),
            bad("a text", #"{"values": ["NaN"]}"#, "a number"),
            bad("null", #"{"values": [null]}"#, "a number"),
            bad("beyond float64", #"{"values": [1e999]}"#, "no number"),
            bad("beyond float32", #"{"values": [1e300]}"#, "cannot hold"),
            bad("no whole number", #"{"values": [0.5], "dtype": "int64"}"#, "cannot hold"),
            bad("another dtype", #"{"values": [1], "dtype": "complex64"}"#, "float32"),
            bad("empty", #"{"values": []}"#, "no number"),
            bad("empty rows", #"{"values": [[[[]]]]}"#, "no number"),
            bad("ragged", #"{"values": [[1, 2], [3]]}"#, "ragged"),
            bad("ragged in depth", #"{"values": [[1, 2], 3]}"#, "ragged"),
            bad(
                "deep", #"{"values": \#(String(repeating: "[", count: 100_000))"#, "deep"),
            bad("cut", #"{"values": [1, 2"#, "ends"),
            bad("no values", #"{"shape": [1]}"#, "missing"),
            bad("values twice", #"{"values": [1], "values": [2]}"#, "twice"),
            bad("another member", #"{"value": [1]}"#, "values"),
            bad("no JSON", "\u{0}\u{1}\u{fffd}", "byte 0"),
            bad("nothing", "", "ends"),
            PlannedRequest(
                "too much", body: String(repeating: " ", count: (1 << 20) + 1), status: 413,
                words: "1048576"),
            PlannedRequest("another path", "GET", "/", body: "", status: 404, words: "/predict"),
            PlannedRequest("another method", "GET", body: "", status: 405, words: "POST"),
        ]
    }
}
