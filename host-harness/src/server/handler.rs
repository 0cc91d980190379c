//! MCP's methods.

use std::collections::BTreeSet;

use rmcp::ErrorData;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, CompletionInfo, Cursor,
    CustomRequest, CustomResult, DiscoverResult, ErrorCode, GetPromptRequestParams, GetPromptResponse,
    GetSkillRequestParams, GetSkillResult, InitializeRequestParams, InitializeResult, InputResponses,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListSkillsResult, ListToolsResult,
    PaginatedRequestParams, ReadResourceDirectoryRequestParams, ReadResourceDirectoryResult, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, Reference, ServerConfig, SubscribeRequestParams, SubscriptionFilter,
    Tool, UnsubscribeRequestParams,
};
use rmcp::service::{RequestContext, RoleServer, SubscriptionContext};
use serde_json::json;

use super::asking::{self, Asking};
use super::call::{Call, Ended};
use super::conversation::Conversation;
use super::listing::LONGEST_URI;
use super::state::Server;
use super::stopped::Stopped;
use super::subscriptions::{Kept, Limits, MOST_SUBSCRIPTIONS};
use super::waiting::{answer, token_expired, unless_cancelled};
use super::{apps, convert, failure, naming};
use crate::component::{self, Caller, Error, InputResponse, Round};
use crate::telemetry::{Instance, Method, Status};

/// The milliseconds for which a client may keep a list: it changes only with this program's version and settings.
const LIST_TTL_MS: u64 = 60 * 60 * 1000;

/// The methods that there are, besides notifications.
const METHODS: [&str; 17] = [
    "completion/complete",
    "initialize",
    "ping",
    "prompts/get",
    "prompts/list",
    "resources/directory/read",
    "resources/list",
    "resources/read",
    "resources/subscribe",
    "resources/templates/list",
    "resources/unsubscribe",
    "server/discover",
    "skills/get",
    "skills/list",
    "subscriptions/listen",
    "tools/call",
    "tools/list",
];

/// Those of them that 2026-07-28 does without.
const REMOVED: [&str; 4] = ["initialize", "ping", "resources/subscribe", "resources/unsubscribe"];

/// The characters of a method's name that are repeated to who made it up, at most.
const LONGEST_NAME: usize = 100;

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        self.shared.listing.info.clone()
    }

    /// What needs a session is not promised to a client without one.
    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        context.peer.set_peer_info(request.clone());
        let mut info = self.negotiate_initialize(&request)?;
        info.instructions.clone_from(&self.listing(&context).await?.info.instructions);
        if asking::is_sessionless(&context)
            && let Some(resources) = &mut info.capabilities.resources
        {
            resources.subscribe = None;
        }
        if apps::are_shown(&request.capabilities) {
            apps::announce(&mut info.capabilities.extensions);
        }
        Ok(info)
    }

    async fn discover(&self, context: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let mut info = self.listing(&context).await?.info.clone();
        if asking::shows_views(&context) {
            apps::announce(&mut info.capabilities.extensions);
        }
        let mut result = DiscoverResult::from_server_info(versions, info);
        (result.ttl_ms, result.cache_scope) = (LIST_TTL_MS, scope(&context));
        Ok(result)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        only_page(request)?;
        let mut result =
            ListToolsResult::with_all_items(self.listing(&context).await?.tools_for(asking::shows_views(&context)));
        (result.ttl_ms, result.cache_scope) = (Some(LIST_TTL_MS), Some(scope(&context)));
        Ok(result)
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        only_page(request)?;
        let mut result = ListPromptsResult::with_all_items(self.listing(&context).await?.prompts.clone());
        (result.ttl_ms, result.cache_scope) = (Some(LIST_TTL_MS), Some(scope(&context)));
        Ok(result)
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        only_page(request)?;
        let mut result = ListResourcesResult::with_all_items(
            self.listing(&context).await?.resources_for(asking::shows_views(&context)),
        );
        (result.ttl_ms, result.cache_scope) = (Some(LIST_TTL_MS), Some(scope(&context)));
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        only_page(request)?;
        let mut result = ListResourceTemplatesResult::with_all_items(self.listing(&context).await?.templates.clone());
        (result.ttl_ms, result.cache_scope) = (Some(LIST_TTL_MS), Some(scope(&context)));
        Ok(result)
    }

    async fn list_skills(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListSkillsResult, ErrorData> {
        only_page(request)?;
        let mut result = ListSkillsResult::with_all_items(self.listing(&context).await?.skills.clone());
        (result.ttl_ms, result.cache_scope) = (Some(LIST_TTL_MS), Some(scope(&context)));
        Ok(result)
    }

    async fn get_skill(
        &self,
        request: GetSkillRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetSkillResult, ErrorData> {
        let listing = self.listing(&context).await?;
        let skill = listing.skills.iter().find(|skill| skill.uri == request.uri);
        let skill =
            skill.ok_or_else(|| ErrorData::invalid_params("there is no such skill; skills/list has them", None))?;
        Ok(GetSkillResult::new(skill.clone()).with_ttl_ms(LIST_TTL_MS).with_cache_scope(scope(&context)))
    }

    async fn read_resource_directory(
        &self,
        request: ReadResourceDirectoryRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceDirectoryResult, ErrorData> {
        refuse_cursor(request.cursor.as_ref())?;
        let guide = &self.shared.instances.all()[self.shared.listing.guide];
        let policy = self.policy_for(guide, &context);
        let policy = policy.map_err(|closed| failure::of_request(Stopped::Refused(Error::Denied(closed))))?;
        let children = match Box::pin(guide.component.read_directory(&request.uri, &policy)).await {
            Ok(answer) => answer.map_err(Stopped::Refused),
            Err(aborted) => Err(Stopped::Aborted(aborted)),
        };
        let children = children.map_err(failure::of_request)?.into_iter().map(convert::resource).collect();
        let mut result = ReadResourceDirectoryResult::with_all_items(children);
        (result.ttl_ms, result.cache_scope) = (Some(LIST_TTL_MS), Some(scope(&context)));
        Ok(result)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let mut arguments = request.arguments;
        let instance = match self.instance_of_call(&request.name, &mut arguments, &context) {
            Ok(instance) => instance,
            Err(stopped) => {
                self.account(Instance::Unknown, Method::CallTool, &request.name, &context).end(stopped.status());
                return failure::of_tool(stopped).map(Into::into);
            }
        };
        let (account, caller) = self.begin(instance, Method::CallTool, &request.name, &context);
        let Some(caller) = caller else {
            account.end(Status::Denied);
            return Ok(failure::missing_key(instance).into());
        };
        let round = Round { responses: responses(request.input_responses), state: request.request_state };
        let lacks_scope = self.lacks_scope(instance, &context, &request.name).await?;
        let has_view = caller.shows_views && self.listing(&context).await?.has_view(&request.name);
        let call = Call { lacks_scope, has_view, round, ..Call::new(instance, caller, &request.name, arguments) };
        let mut conversation = Conversation::with(&context);
        match unless_cancelled(&context, self.run_named(&call, account, &mut conversation)).await? {
            Ended::Done(result) => Ok(result.into()),
            Ended::InputRequired(required) => Ok(required.into()),
            Ended::ConsentRequired(_) => Err(failure::internal("consent was left open")),
        }
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let instance = self.default_for("prompts", &context).map_err(failure::of_request)?;
        let (account, caller) = self.begin(instance, Method::GetPrompt, &request.name, &context);
        let Some(caller) = caller else {
            account.end(Status::Denied);
            return Err(failure::missing_key_for_request(&instance.mode));
        };
        let round = Round { responses: responses(request.input_responses), state: request.request_state };
        let lacks_scope = self.lacks_scope(instance, &context, &request.name).await?;
        let call = Call { lacks_scope, round, ..Call::new(instance, caller, &request.name, request.arguments) };
        let mut conversation = Conversation::with(&context);
        match unless_cancelled(&context, self.run_prompt(&call, account, &mut conversation)).await? {
            Ended::Done(result) => Ok(result.into()),
            Ended::InputRequired(required) => Ok(required.into()),
            Ended::ConsentRequired(_) => Err(failure::internal("consent was left open")),
        }
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        if request.uri.len() > LONGEST_URI {
            let message = format!("no resource has a URI of more than {LONGEST_URI} bytes");
            return Err(ErrorData::invalid_params(message, None));
        }
        let instance = self.instance_of_resource(&request.uri, &context).map_err(failure::of_request)?;
        let name = self.shared.listing.name_of_resource(&request.uri);
        let (account, caller) = self.begin(instance, Method::ReadResource, name, &context);
        let read = async |caller: Caller| instance.component.read_resource(&caller, &request.uri).await;
        let contents = match answer(&instance.mode, &context, account, caller, read).await {
            Ok(contents) => contents,
            Err(Stopped::Refused(Error::NotFound(message))) => {
                return Err(ErrorData::resource_not_found(message, Some(json!({ "uri": request.uri }))));
            }
            Err(stopped) => return Err(failure::of_request(stopped)),
        };
        let named = |contents| match &instance.name {
            Some(name) if !self.shared.listing.has_file(&request.uri) => naming::in_resource(contents, name),
            _ => contents,
        };
        let contents = contents.into_iter().map(convert::resource_contents).map(named).collect();
        let mut result = ReadResourceResult::new(contents);
        (result.ttl_ms, result.cache_scope) = (Some(0), Some(CacheScope::Private));
        Ok(result.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let of = match request.r#ref {
            Reference::Prompt(prompt) => component::Reference::Prompt(prompt.name),
            Reference::Resource(resource) => component::Reference::ResourceTemplate(resource.uri),
            _ => return Err(ErrorData::invalid_params("only prompts and resources can be completed", None)),
        };
        let (component::Reference::Prompt(whose) | component::Reference::ResourceTemplate(whose)) = &of;
        let instance = self.default_for("completions", &context).map_err(failure::of_request)?;
        let (account, caller) = self.begin(instance, Method::Complete, whose, &context);
        let (name, value) = (&request.argument.name, &request.argument.value);
        let complete = async |caller: Caller| instance.component.complete(&caller, &of, name, value).await;
        let completion =
            answer(&instance.mode, &context, account, caller, complete).await.map_err(failure::of_request)?;
        let mut info = CompletionInfo::new(completion.values).map_err(|error| failure::internal(&error))?;
        (info.total, info.has_more) = (completion.total, Some(completion.has_more));
        Ok(CompleteResult::new(info))
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let home = self.default_for("resources", &context).map_err(failure::of_request)?;
        let caller = self.caller(home, &context).ok_or_else(|| failure::missing_key_for_request(&home.mode))?;
        if Asking::of(&context) == Asking::Never {
            let message = "a subscription needs a session, and this client has none";
            return Err(ErrorData::invalid_request(message, None));
        }
        if !self.listing(&context).await?.has_resource(&request.uri) {
            let message = "there is no such resource to subscribe to";
            return Err(ErrorData::resource_not_found(message, Some(json!({ "uri": request.uri }))));
        }
        let limits = Limits { expires: asking::expiry(&context), kept: Kept::of(&home.component, &caller) };
        self.subscriptions.add(&request.uri, limits, &context.peer, caller.key.digest(), &self.shared.updates)
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.subscriptions.remove(&request.uri);
        Ok(())
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        let uris = requested.resource_subscriptions.iter().flatten();
        let known = uris.filter(|uri| self.shared.listing.has_resource(uri)).take(MOST_SUBSCRIPTIONS);
        Some(SubscriptionFilter::builder().resource_subscriptions(known.cloned()).build())
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let context = subscription.request_context();
        let home = self.default_for("resources", context).map_err(failure::of_request)?;
        let caller = self.caller(home, context).ok_or_else(|| failure::missing_key_for_request(&home.mode))?;
        // From here on, so that nothing is missed while the list is made.
        let changes = self.shared.updates.of(caller.key.digest());
        // What was accepted is what the operator allows; the request itself may allow less.
        let listing = self.listing(context).await?;
        let accepted = subscription.sink().accepted().resource_subscriptions.iter().flatten();
        let heard: BTreeSet<String> = accepted.filter(|uri| listing.has_resource(uri)).cloned().collect();
        let kept = Kept::of(&home.component, &caller);
        tokio::select! {
            () = changes.pass_on(&heard, kept.as_deref(), subscription.sink()) => {}
            () = token_expired(context) => {}
            () = subscription.cancelled() => {}
        }
        Ok(())
    }

    /// What rmcp takes for a method of somebody's own, because the parameters do not fit the method that it is.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let method = request.method;
        let was_removed = Asking::of(&context) == Asking::ByResult && REMOVED.contains(&method.as_str());
        if METHODS.contains(&method.as_str()) && !was_removed {
            let message = format!("the parameters of {method} are missing or not as MCP defines them");
            return Err(ErrorData::invalid_params(message, None));
        }
        let name: String = method.chars().take(LONGEST_NAME).collect();
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, format!("there is no method {name}"), None))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools().iter().find(|tool| tool.name == name).cloned()
    }
}

/// Who may have what was answered: everybody, but for what an access token allows.
fn scope(context: &RequestContext<RoleServer>) -> CacheScope {
    let differs = asking::token(context).is_some() || asking::is_narrowed(context);
    if differs { CacheScope::Private } else { CacheScope::Public }
}

fn only_page(request: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    refuse_cursor(request.and_then(|request| request.cursor).as_ref())
}

/// Lists are short enough for one page, so that there is no cursor to go on from.
fn refuse_cursor(cursor: Option<&Cursor>) -> Result<(), ErrorData> {
    match cursor {
        Some(_) => Err(ErrorData::invalid_params("the list has one page only: leave `cursor` out", None)),
        None => Ok(()),
    }
}

/// The client's answers to what an earlier round has asked for.
fn responses(given: Option<InputResponses>) -> Vec<InputResponse> {
    given
        .into_iter()
        .flatten()
        .map(|(id, response)| InputResponse { id, response: response.to_string(), after_ms: None })
        .collect()
}
