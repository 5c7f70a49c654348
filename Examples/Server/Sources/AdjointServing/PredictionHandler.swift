import Adjoint
import FlyingFox
import Foundation

/// Answers requests: `POST /predict` with a tensor, `GET /health` with nothing.
///
/// Nothing here is locked: the model is only read, each request has tensors of its own, and what
/// goes wrong in one request is caught where it happens.
struct PredictionHandler: HTTPHandler {
    let bodyLimit: Int
    let predict: @Sendable (Tensor) -> Tensor

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        switch (request.path, request.method) {
        case ("/predict", .POST):
            guard let body = try await Self.read(request.bodySequence, limit: bodyLimit) else {
                return Self.refusal(.payloadTooLarge, "a body may have \(bodyLimit) bytes")
            }
            return answer(body)
        case ("/predict", _):
            return Self.refusal(.methodNotAllowed, "/predict takes POST", allow: "POST")
        case ("/health", .GET): return Self.response(.ok, #"{"status": "ok"}"# + "\n")
        case ("/health", _):
            return Self.refusal(.methodNotAllowed, "/health takes GET", allow: "GET")
        default: return Self.refusal(.notFound, "there are POST /predict and GET /health")
        }
    }

    /// 200 with the model's output, or 400 with the reason why there is none: the server's own
    /// where the body is no tensor, the library's where the tensor does not fit the model.
    private func answer(_ body: [UInt8]) -> HTTPResponse {
        do {
            let text = try catchingTensorErrors {
                let input = try TensorJSON.tensor(body)
                return TensorJSON.text(inferenceMode { predict(input) })
            }
            return Self.response(.ok, text)
        } catch let error as TensorError {
            return Self.refusal(.badRequest, error.description)
        } catch {
            return Self.refusal(.badRequest, "\(error)")
        }
    }

    /// The body; nil where it is longer than `limit`. What is beyond is not kept.
    private static func read(_ sequence: HTTPBodySequence, limit: Int) async throws -> [UInt8]? {
        if let announced = sequence.count, announced > limit { return nil }
        var body: [UInt8] = []
        for try await part in sequence {
            if body.count + part.count > limit { return nil }
            body += part
        }
        return body
    }

    private static func refusal(
        _ status: HTTPStatusCode, _ reason: String, allow: String? = nil
    ) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let text = try? encoder.encode(["error": reason])
        var response = response(status, String(decoding: text ?? Data(), as: UTF8.self) + "\n")
        response.headers[HTTPHeader("Allow")] = allow
        return response
    }

    private static func response(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
        HTTPResponse(
            statusCode: status, headers: [.contentType: "application/json"], body: Data(text.utf8))
    }
}
