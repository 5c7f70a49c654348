import Adjoint
import AdjointExamples
import AdjointLoad
import CMeter
import Foundation
import Testing

/// The example server, started as a process, and its answers against what the model says here.
@Suite(.serialized) struct PredictionServerTests {
    @Test func aThousandRequestsAtOnceAreAllAnsweredRight() throws {
        meter_allow_files()
        try withServer { server, model in
            let requests = PlannedRequest.mixture(1000, for: model)
            let connections = try requests.map { _ in try LoadConnection(port: server.port) }
            for (connection, request) in zip(connections, requests) {
                try connection.send(request.bytes)
            }
            for (connection, request) in zip(connections, requests) {
                #expect(try request.fault(in: connection.answer()) == nil)
            }
            #expect(server.isRunning)
        }
    }

    @Test func everyBadRequestIsRefusedAndTheConnectionStays() throws {
        try withServer { server, model in
            let connection = try LoadConnection(port: server.port)
            let good = PlannedRequest.mixture(1, for: model)[0]
            for request in PlannedRequest.refused {
                try connection.send(request.bytes)
                #expect(try request.fault(in: connection.answer()) == nil)
                try connection.send(good.bytes)
                #expect(try good.fault(in: connection.answer()) == nil)
            }
        }
    }

    @Test func theReasonIsTheTextOfTheTensorError() throws {
        try withServer { server, model in
            let input = Tensor.ones([1, 3, 8, 8])
            let error = #expect(throws: TensorError.self) {
                try catchingTensorErrors { inferenceMode { model(input) } }
            }
            let values = [String](repeating: "1", count: 192).joined(separator: ",")
            let body = #"{"values": [\#(values)], "shape": [1, 3, 8, 8]}"#
            let connection = try LoadConnection(port: server.port)
            try connection.send(
                Array(
                    ("POST /predict HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8))
            let answer = try connection.answer()
            #expect(answer.status == 400)
            let object = try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
            #expect((object as? [String: String])?["error"] == error?.description)
        }
    }

    /// Calls `body` with a server of a network with drawn weights, and the same network.
    private func withServer(_ body: (ServerProcess, DigitNet) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("adjoint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = withGenerator(seed: 5) { DigitNet() }
        model.eval()
        let path = folder.appendingPathComponent("digits.safetensors").path
        try save(model.stateDict(), to: path)
        try body(ServerProcess(model: path), model)
    }
}
