//! Calls of tools with the name of their instance, where there are several: in what came of them, and chosen for a command.

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, JsonObject};

use super::call::{Call, Ended};
use super::conversation::Conversation;
use super::state::Server;
use super::stopped::Stopped;
use super::{failure, merging, naming};
use crate::component::Error;
use crate::telemetry::{self, Instance, Method, TraceContext};
use crate::terminal::person::Person;

impl Server {
    /// Calls a tool for the operator. Where nobody sees a terminal, nobody can be asked anything.
    pub(crate) async fn call(
        &self,
        name: &str,
        arguments: Option<JsonObject>,
        person: Option<Person>,
    ) -> Result<CallToolResult, ErrorData> {
        let mut arguments = arguments;
        let instance = match self.shared.instances.choose(name, &mut arguments) {
            Ok(instance) => instance,
            Err(problem) => return failure::of_tool(Stopped::Refused(Error::InvalidArguments(vec![problem]))),
        };
        let Some(mut caller) = instance.operator() else { return Ok(failure::missing_key(instance)) };
        let kind = Instance::of(&caller.key);
        let account = self.shared.telemetry.begin(Method::CallTool, name, kind, &TraceContext::fresh());
        let account = account.of_profile(instance.name.as_ref());
        caller.join(&account);
        let person = person.map(|person| person.in_final_call(self.shared.recorder.is_final(name)));
        if let Some(person) = person {
            caller.capabilities = person.capabilities().into();
        }
        let call = Call::new(instance, caller, name, arguments);
        match self.run_named(&call, account, &mut Conversation::at_terminal(person)).await? {
            Ended::Done(result) => Ok(result),
            Ended::InputRequired(_) | Ended::ConsentRequired(_) => {
                Err(ErrorData::invalid_request("this tool has to ask something first", None))
            }
        }
    }

    /// Runs a tool, and names the instance in what came of it where there are several.
    pub(super) async fn run_named(
        &self,
        call: &Call<'_>,
        account: telemetry::Call,
        conversation: &mut Conversation,
    ) -> Result<Ended<CallToolResult>, ErrorData> {
        let Some(name) = &call.instance.name else { return self.run_tool(call, account, conversation).await };
        match self.run_tool(call, account, conversation).await {
            Ok(Ended::Done(result)) if self.shared.instances.are_reported_by(call.name) => {
                Ok(Ended::Done(naming::in_result(merging::with_report(result, &self.shared.instances), name)))
            }
            Ok(Ended::Done(result)) => Ok(Ended::Done(naming::in_result(result, name))),
            Ok(other) => Ok(other),
            Err(error) => Err(naming::in_error(error, name)),
        }
    }
}
